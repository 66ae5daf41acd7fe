import { describe, expect, it } from "vitest";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { codeBlocks } from "../../support/project/code-blocks.ts";
import { projectFile } from "../../support/project/project-files.ts";

/** A section of the guide: upstreams, the lines of wrangler's file, and what `check` says without them. */
interface Case {
  readonly heading: string;
  readonly upstreams: Readonly<Record<string, unknown>>;
  readonly lines: string;
  readonly errors: readonly string[];
}

const sections = projectFile("docs/guides/upstreams.md")
  .split(/^## /m)
  .map((text) => ({ heading: text.split("\n")[0] ?? "", blocks: codeBlocks(text) }));
const cases: readonly Case[] = sections.flatMap(({ heading, blocks }) => {
  const of = (language: string) => blocks.find((block) => block.language === language)?.text;
  const [json, toml, text] = [of("json"), of("toml"), of("text")];
  if (json === undefined) return [];
  return [{ heading, upstreams: JSON.parse(json), lines: linesOf(toml), errors: (text ?? "").trim().split("\n") }];
});

/** What stands below `[env.production]`. */
function linesOf(toml = ""): string {
  const [header, ...lines] = toml.split("\n");
  expect(header).toBe("[env.production]");
  return lines.join("\n");
}

const WRANGLER = (lines: string) => `
name = "test"
main = "x.ts"
compatibility_date = "2026-08-01"
[env.production]
${lines}
`;
const scratch = scratchDirectory();

/** The errors of `check` for a policy with these upstreams, each with its code and its message. */
async function errorsOf(upstreams: Case["upstreams"], lines: string): Promise<readonly string[]> {
  const routes = Object.keys(upstreams).map((upstream) => ({
    path: `/${upstream}/*`,
    methods: ["GET"],
    public: true,
    upstream,
  }));
  scratch.write("wrangler.toml", WRANGLER(lines));
  const policy = scratch.write("routes.json", { upstreams, routes });
  const { stdout } = await scopegate("check", "--policy", policy, "--env", "production", "--json");
  const { findings } = JSON.parse(stdout) as {
    findings: { code: string; severity: string; message: string; path: string }[];
  };
  return findings
    .filter(({ severity, path }) => severity === "error" && path.startsWith("$.upstreams"))
    .map(({ code, message }) => `error ${code}: ${message}`);
}

describe("the guide to upstreams", () => {
  it("has five cases", () => {
    expect(cases.map(({ heading }) => heading)).toEqual([
      "Cloudflare Access",
      "A private network",
      "A client certificate",
      "Another Worker",
      "An API with a key",
    ]);
  });

  it.each(cases)("shows lines for $heading with which check finds no error", async ({ upstreams, lines }) => {
    expect(await errorsOf(upstreams, lines)).toEqual([]);
  });

  it.each(cases)("says what check says without the lines for $heading", async ({ upstreams, errors }) => {
    expect(await errorsOf(upstreams, "")).toEqual(errors);
  });

  it("shows a store in place of a secret, with which check finds no error", async () => {
    const { upstreams } = cases.at(-1) ?? { upstreams: {} };
    const [, store] = sections
      .flatMap(({ heading, blocks }) => (heading === "An API with a key" ? blocks : []))
      .filter(({ language }) => language === "toml");
    expect(await errorsOf(upstreams, linesOf(store?.text))).toEqual([]);
  });

  it("says which error an http address with a certificate is", async () => {
    const { lines } = cases.find(({ heading }) => heading === "A client certificate") ?? { lines: "" };
    const [error] = await errorsOf({ billing: { url: "http://billing.acme.dev", via: "BILLING_CERT" } }, lines);
    expect(error).toContain("error unencrypted-via: ");
  });
});
