import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scopegate, scratchDirectory } from "../support/cli/run-scopegate.ts";
import { type CodeBlock, codeBlocks } from "../support/project/code-blocks.ts";
import { filesOf } from "../support/project/import-graph.ts";
import { projectFile, ROOT } from "../support/project/project-files.ts";

/** A code block and its place, such as `docs/page.md:12`. */
interface ShownBlock extends CodeBlock {
  readonly place: string;
}

const pages = [
  ...readdirSync(ROOT).filter((file) => file.endsWith(".md")),
  ...filesOf(join(ROOT, "docs"))
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`),
];
const shown: readonly ShownBlock[] = pages.flatMap((page) =>
  codeBlocks(projectFile(page)).map((block) => ({ ...block, place: `${page}:${block.line}` })),
);
const scratch = scratchDirectory();

/**
 * Whether a block is a whole policy: a `json` block that is an object with the member `routes`. A block that begins
 * with a name shows members of an object, which are a part of a policy. Throws for any other `json` block that is not
 * JSON.
 */
function isPolicy({ language, text, place }: ShownBlock): boolean {
  if (language !== "json") return false;
  const isPart = /^\s*"[^"]*"\s*:/.test(text);
  try {
    const value: unknown = JSON.parse(isPart ? `{${text}}` : text);
    return !isPart && Object.hasOwn(Object(value), "routes");
  } catch (error) {
    throw new Error(`${place}: This block is marked json, but it is not JSON.`, { cause: error });
  }
}

/** The exit code of `scopegate check --strict` for a policy, and its findings except notices. */
async function findingsOf(text: string): Promise<{ readonly exitCode: number; readonly findings: readonly unknown[] }> {
  const policy = scratch.write("shown.json", text);
  const { exitCode, stdout, stderr } = await scopegate("check", "--policy", policy, "--json", "--strict");
  if (stdout === "") return { exitCode, findings: [stderr] };
  const { findings } = JSON.parse(stdout) as { findings: { severity: string }[] };
  return { exitCode, findings: findings.filter(({ severity }) => severity !== "notice") };
}

/**
 * A page shows a whole policy as a `json` block that has the member `routes` at its top. A part of a policy is shown as
 * members without the braces around them, or as an object without `routes`.
 */
describe("the policies that the pages show", () => {
  const policies = shown.filter(isPolicy);

  it("are found, in the reference at least", () => {
    expect(policies.map(({ place }) => place)).toContainEqual(
      expect.stringMatching(/^docs\/reference\/routes-json\.md:\d+$/),
    );
  });

  it.each(policies)("pass scopegate check --strict: $place", async ({ text }) => {
    expect(await findingsOf(text)).toEqual({ exitCode: 0, findings: [] });
  });

  it.each([
    { name: "an undeclared scope", from: '"scopes": ["', to: '"scopes": ["no-' },
    { name: "a misspelled member", from: '"routes"', to: '"realms": "", "routes"' },
  ])("would fail with $name", async ({ from, to }) => {
    const text = policies[0]?.text ?? "";
    const broken = text.replace(from, to);
    expect(broken).not.toBe(text);
    expect(await findingsOf(broken)).toMatchObject({ exitCode: 1, findings: [{ code: "invalid" }] });
  });
});

describe("which blocks are whole policies", () => {
  const block = (language: string, text: string): ShownBlock => ({ language, line: 1, text, place: "page.md:1" });

  it.each([
    { name: "a json block with routes", shown: block("json", '{ "routes": [] }'), expected: true },
    { name: "a json block without routes", shown: block("json", '{ "clients": {} }'), expected: false },
    { name: "a json block that is an array", shown: block("json", '["routes"]'), expected: false },
    { name: "a json block that is null", shown: block("json", "null"), expected: false },
    { name: "members without braces", shown: block("json", '"routes": []'), expected: false },
    { name: "a block that is not marked json", shown: block("jsonc", '{ "routes": [ ... ] }'), expected: false },
  ])("$name: $expected", ({ shown: one, expected }) => {
    expect(isPolicy(one)).toBe(expected);
  });

  it.each(['{ "routes": [ }', '"routes": [', "{ ... }", ""])(
    "a json block that is not JSON is an error: %s",
    (text) => {
      expect(() => isPolicy(block("json", text))).toThrow("page.md:1");
    },
  );
});
