import { execFileSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runScript } from "../support/cli/run-script.ts";
import { OWN_POLICIES, ownFiles } from "../support/project/own-policies.ts";
import { projectFile, ROOT } from "../support/project/project-files.ts";

/** The tests that show most directly which policy they run: once, each of them read the one at the root. */
const TESTS = ["test/local/stack.test.ts", "test/e2e/log-line.test.ts", "test/policy/compile/compile-policy.test.ts"];

/** The modules of the tests that name the policy at the root as one would to read it, and why that does not matter. */
const NAMED: Readonly<Record<string, string>> = {
  "test/bench/start.ts": "replaces its text",
  "test/project/own-policy.test.ts": "shows the forms that are found",
  "test/support/e2e/test-gateway.ts": "replaces its text",
  "test/support/local/shop-stack.ts": "replaces its text",
  "test/support/project/project-files.ts": "defines the constant",
};

const FILE = String.raw`"(?:\.{1,2}/)*(?:routes\.json|wrangler\.(?:toml|jsonc?))"`;
/**
 * What reads the policy or the wrangler file at the root: an import, a call, a setting, the policy of a commit, or the
 * constant. A test may still write such a file in a folder of its own. What no pattern finds, CI does: it runs all
 * tests with other policies at the root.
 */
const READS = [
  String.raw`(?:\bfrom|\bimport\()\s*${FILE}`,
  String.raw`\b(?:projectFile|readFile|readFileSync|copyFile|copyFileSync|cp|cpSync)\(\s*${FILE}`,
  String.raw`\bjoin\((?:ROOT|import\.meta\.dirname),\s*${FILE}`,
  String.raw`\bconfig(?:Path)?:\s*${FILE}`,
  String.raw`"git:\w+:(?:\./)?routes\.json"`,
  String.raw`\bROOT_POLICY\b`,
].map((source) => new RegExp(source));
const reads = (text: string): boolean => READS.some((pattern) => pattern.test(text));

describe("the policy at the root belongs to the team", () => {
  it("is read by no module of the tests", () => {
    const files = globSync(["test/**/*.{ts,mjs}", "*.config.{ts,mjs}"], { cwd: ROOT, exclude: ["**/node_modules/**"] });
    const naming = files.map((file) => file.replaceAll("\\", "/")).filter((file) => reads(projectFile(file)));
    expect(files.length).toBeGreaterThan(300);
    expect(naming.toSorted()).toEqual(Object.keys(NAMED));
  });

  it.each([
    { name: "an import", text: 'import routes from "../../routes.json" with { type: "json" };', expected: true },
    { name: "a path from the root", text: 'join(ROOT, "wrangler.toml")', expected: true },
    { name: "a setting", text: 'configPath: "./wrangler.toml"', expected: true },
    { name: "the policy of a commit", text: 'run("git:HEAD:routes.json")', expected: true },
    { name: "the constant", text: "[ROOT_POLICY]: text", expected: true },
    { name: "the policy of the shop", text: 'from "../examples/shop/routes.json"', expected: false },
    { name: "a path from the module", text: 'join(import.meta.dirname, "../../routes.json")', expected: true },
    { name: "a file in a folder of its own", text: 'scratch.write("routes.json", text)', expected: false },
    { name: "a comment", text: "/** The `routes.json` of the soak. */", expected: false },
  ])("is told from other files: $name", ({ text, expected }) => {
    expect(reads(text)).toBe(expected);
  });
});

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Copies the tracked files of the project to a folder of its own, with other files at its root. */
function copyWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "scopegate-own-"));
  folders.push(folder);
  const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8", maxBuffer: 2 ** 24 });
  for (const file of tracked.split("\0").filter((name) => name !== "" && existsSync(join(ROOT, name))))
    cpSync(join(ROOT, file), join(folder, file));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  return folder;
}

describe.each(OWN_POLICIES)("with a policy of one's own at the root: $name", (own) => {
  const folder = copyWith(ownFiles(own));
  const scopegate = (...args: readonly string[]) => runScript("src/cli/main.ts", args, folder).finished;

  it("the check passes, with the vars of every environment", async () => {
    expect(JSON.parse(readFileSync(join(folder, "routes.json"), "utf8"))).toEqual(own.policy);
    expect(await scopegate("check", "--strict")).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it("the demo plays the shop", async () => {
    const { exitCode, stdout, stderr } = await scopegate("demo");
    const differing = stdout.split("\n").filter((line) => line.startsWith("FAIL"));
    expect([exitCode, stderr, differing]).toEqual([0, "", []]);
    expect(stdout).toMatch(/All \d+ calls were answered as expected\.\n$/);
  });

  it("the tests pass", { timeout: 120_000 }, async () => {
    const vitest = join("node_modules", "vitest", "vitest.mjs");
    const { exitCode, stdout, stderr } = await runScript(vitest, ["run", ...TESTS], folder).finished;
    expect(exitCode, `${stdout}${stderr}`).toBe(0);
    expect(stdout).toContain(`${TESTS.length} passed`);
  });
});
