import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Command } from "../../src/cli/args/command.ts";
import { projectFile, ROOT } from "../support/project/project-files.ts";

/** Pages that describe commands: the reference, and the guides to which it refers. */
const PAGES = ["docs/reference/cli.md", "docs/guides/diff.md", "docs/guides/guarantees.md", "docs/guides/openapi.md"];
const text = PAGES.map(projectFile).join("\n");

const files = readdirSync(join(ROOT, "src/cli/commands"), { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);

describe("the documentation of the command line", () => {
  it.each(files)("names the command of %s and each of its options", async (file) => {
    const module = join(ROOT, "src/cli/commands", file);
    const { default: command }: { readonly default: Command } = await import(module);
    const options = Object.keys(command.options);
    expect(projectFile("docs/reference/cli.md")).toMatch(new RegExp(`\`(?:scopegate )?${command.name}\\b`));
    expect(options.filter((name) => !new RegExp(`--${name}\\b(?!-)`).test(text))).toEqual([]);
  });
});
