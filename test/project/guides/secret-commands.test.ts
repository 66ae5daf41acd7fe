/** Commands that set a secret, wherever a reader meets one: without `--env`, they set it where nothing is deployed. */
import { globSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { projectFile, ROOT } from "../../support/project/project-files.ts";

const PUT = /wrangler\s+secret\s+put/g;
const WHOLE = /npx wrangler secret put \S+ --env \S+/g;

/** How many commands are in a text, and how many of them run as they are and name an environment. */
function commandsIn(text: string): { readonly all: number; readonly whole: number } {
  return { all: [...text.matchAll(PUT)].length, whole: [...text.matchAll(WHOLE)].length };
}

const FILES = globSync(["src/**/*.{ts,json}", "docs/**/*.md", "README.md", "examples/**/*.{md,toml,json}"], {
  cwd: ROOT,
})
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => commandsIn(projectFile(file)).all > 0)
  .toSorted();

describe("a command that sets a secret", () => {
  it("is found where there is one", () => {
    expect(FILES).toContain("src/policy/settings/put-secret.ts");
    expect(FILES).toContain("docs/guides/upstreams.md");
  });

  it.each(FILES)("names an environment: %s", (file) => {
    const { all, whole } = commandsIn(projectFile(file));
    expect(whole).toBe(all);
  });

  it.each([
    { text: "npx wrangler secret put KEY --env production", expected: { all: 1, whole: 1 } },
    { text: "npx wrangler secret put KEY", expected: { all: 1, whole: 0 } },
    { text: "wrangler secret put KEY --env production", expected: { all: 1, whole: 0 } },
    { text: "npx\nwrangler secret put KEY --env production", expected: { all: 1, whole: 0 } },
  ])("counts $text", ({ text, expected }) => {
    expect(commandsIn(text)).toEqual(expected);
  });
});
