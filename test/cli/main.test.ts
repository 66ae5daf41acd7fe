/** What holds for every command, and what a newcomer gets wrong. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
const policy = scratch.write("policy.json", exampleFile());

const COMMANDS = [
  ["check"],
  ["explain"],
  ["explain", "mcp"],
  ["matrix"],
  ["prove"],
  ["diff"],
  ["replay"],
  ["advise"],
  ["smoke"],
  ["deployed"],
  ["import", "openapi"],
  ["import", "cognito"],
  ["import", "mcp"],
  ["drift", "openapi"],
  ["drift", "mcp"],
  ["export", "cognito"],
  ["create"],
  ["init"],
];
/** The commands that npm scripts of the same name run. They print for people and programs alike, without --json. */
const SCRIPTS = ["dev", "demo", "token", "schema"];

/** They act, and print what they do. */
const ACTIONS = ["release", "keys", "revoke", "console"];

describe("help", () => {
  it.each(COMMANDS)("of %s %s has its options, --json and an example, without colour", async (...names) => {
    const { exitCode, stdout, stderr } = await scopegate(...names.filter((name) => name !== undefined), "--help");
    const command = `scopegate -- ${names.filter((name) => name !== undefined).join(" ")}`;
    expect(stdout).toContain(`USAGE npm run ${command} [OPTIONS]`);
    expect(stdout).toContain("--json");
    expect(stdout.slice(stdout.indexOf("EXAMPLES"))).toContain(`  npm run -s ${command}`);
    expect(stdout).not.toContain("\u001b");
    expect(stdout).not.toMatch(/Default: (?:false)?\)| $/m);
    expect([exitCode, stderr]).toEqual([0, ""]);
  });

  it.each(SCRIPTS)("of %s names the npm script", async (name) => {
    const { exitCode, stdout, stderr } = await scopegate(name, "--help");
    expect(stdout).toContain(`USAGE npm run ${name} --`);
    expect(stdout.slice(stdout.indexOf("EXAMPLES"))).toContain(`  npm run -s ${name}`);
    expect([exitCode, stderr]).toEqual([0, ""]);
  });

  it("shows an example of several lines as they are pasted", async () => {
    const { stdout } = await scopegate("init", "--help");
    expect(stdout).toMatch(/^ {2}npm run -s scopegate -- init --issuer \S+ \\\n {4}--resource-server /m);
  });

  it("of the whole lists every command with what it does", async () => {
    const { exitCode, stdout } = await scopegate("--help");
    for (const names of [...COMMANDS, ...[...SCRIPTS, ...ACTIONS].map((name) => [name])])
      expect(stdout).toMatch(new RegExp(`^  ${names.join(" ")} +\\S`, "m"));
    expect(exitCode).toBe(0);
  });

  it("of the whole lists every file of src/cli/commands", async () => {
    const { stdout } = await scopegate("--help");
    const listed = Array.from(stdout.matchAll(/^ {2}(\S+(?: \S+)?) {2,}\S/gm), ([, words = ""]) => words);
    const folder = join(import.meta.dirname, "../../src/cli/commands");
    const all = readdirSync(folder, { recursive: true, encoding: "utf8" });
    const files = all.filter((file) => file.endsWith(".ts")).map((file) => basename(file));
    expect(listed.map((words) => `${words.replace(" ", "-")}.ts`).sort()).toEqual(files.sort());
  });

  it.each([[], ["import"], ["export"]])(
    "is shown, and is a failure, where no command is named: %s",
    async (...names) => {
      const { exitCode, stdout } = await scopegate(...names);
      expect(stdout).toContain("Usage: npm run scopegate -- ");
      expect(exitCode).toBe(2);
    },
  );
});

describe("a wrong command line is one line on stderr, and exit code 2", () => {
  it.each([
    { args: ["chek"], says: "scopegate has no command `chek`. Did you mean `check`?" },
    { args: ["--policy", "x"], says: "scopegate has no option `--policy`. Known: check," },
    { args: ["constructor"], says: "scopegate has no command `constructor`." },
    { args: ["import", "swagger"], says: "scopegate import has no command `swagger`." },
    { args: ["check", "--jsn"], says: "scopegate check has no option --jsn. Did you mean --json?" },
    { args: ["matrix", "--", "--json"], says: "scopegate matrix has no option --. See --help." },
    { args: ["check", "-p"], says: "scopegate check has no option -p." },
    { args: ["check", policy], says: "is one argument too many" },
    { args: ["check", "--policy"], says: "--policy needs a value" },
    { args: ["check", "--policy="], says: "--policy needs a value" },
    { args: ["check", "--policy", "--json"], says: "--policy needs a value" },
    { args: ["check", "--policy", join(scratch.path, "none.json")], says: "none.json: There is no such file." },
    { args: ["check", "--policy", scratch.path], says: "The file cannot be read." },
    { args: ["check", "--policy", "git:no-such-revision"], says: "git:no-such-revision: " },
    { args: ["check", "--policy", "git:"], says: "Write git:REV" },
    { args: ["check", "--policy", "git:--output=x"], says: "git:--output=x: " },
    { args: ["check", "--env", "nowhere"], says: "There is no environment nowhere in wrangler's file." },
    { args: ["explain", "GET"], says: "scopegate explain: PATH is missing. See --help." },
    {
      args: ["explain", "GET", "orders", "--policy", policy],
      says: "The path must start with a slash. Write a path such as /orders.",
    },
    { args: ["explain", "GET", "/orders", "read:orders", "--policy", policy], says: "scopes follow --scope" },
    { args: ["explain", "GET", "/", "--client", "x", "--token", "y", "--policy", policy], says: "Give one of" },
    { args: ["explain", "GET", "/", "--jwks", "x", "--policy", policy], says: "--jwks is for a token" },
    { args: ["explain", "GET", "/", "--client", "amdin", "--policy", policy], says: "Did you mean `admin`?" },
    { args: ["explain", "GET", "/", "--client", "nobody", "--policy", policy], says: "Known: admin, customer." },
    {
      args: ["explain", "GET", "/", "--token-file", "none", "--policy", policy],
      says: "none: There is no such file.",
    },
    { args: ["matrix", "--csv", "--html", "--policy", policy], says: "Choose one of" },
    {
      args: ["export", "cognito", "--policy", policy],
      says: "scopegate export cognito: --format is missing. See --help.",
    },
    { args: ["export", "cognito", "--format", "pulumi", "--policy", policy], says: "cloudformation, terraform" },
    { args: ["import", "cognito", "--policy", policy], says: "scopegate import cognito: FILE is missing. See --help." },
    { args: ["import", "cognito", policy, "--policy", policy], says: "This is not what list-resource-servers" },
    { args: ["create"], says: "scopegate create: DIR is missing. See --help." },
    { args: ["create", scratch.path], says: "The folder is not empty." },
    { args: ["create", policy], says: "This is a file. Name a new folder." },
    { args: ["create", join(scratch.path, "new")], says: "Missing: --issuer, --resource-server, --upstream." },
    { args: ["init", "--policy", policy], says: "The file is there already." },
    {
      args: ["init", "--policy", join(scratch.path, "new.json")],
      says: "Missing: --issuer, --resource-server, --upstream.",
    },
  ])("$args", async ({ args, says }) => {
    const { exitCode, stdout, stderr } = await scopegate(...args);
    expect(stderr).toContain(says);
    expect(stderr.trimEnd()).not.toContain("\n");
    expect(stderr).not.toContain("\u001b");
    expect([exitCode, stdout]).toEqual([2, ""]);
  });
});

describe("a policy that may not serve", () => {
  const faulty = scratch.write("faulty.json", exampleFile({ realm: "", clients: { x: { scopes: ["nix"] } } }));

  it.each([["explain", "GET", "/orders"], ["matrix"], ["export", "cognito", "--format", "terraform"]])(
    "is refused with all its faults, each with its place: %s",
    async (...args) => {
      const { exitCode, stdout, stderr } = await scopegate(...args, "--policy", faulty);
      const places = stderr
        .trimEnd()
        .split("\n")
        .map((line) => /faulty\.json:(\d+:\d+): /.exec(line)?.[1]);
      expect(places).toEqual(["25:9", "131:3"]);
      expect([exitCode, stdout]).toEqual([2, ""]);
    },
  );

  it("has the place of what is no JSON", async () => {
    const { exitCode, stderr } = await scopegate("matrix", "--policy", scratch.write("broken.json", '{\n  "a": 1,\n}'));
    expect(stderr).toMatch(/broken\.json:3:1: This is not JSON\./);
    expect(exitCode).toBe(2);
  });
});

describe("as a program", () => {
  const root = join(import.meta.dirname, "../..");
  const run = (script: string, ...args: string[]) =>
    spawnSync(process.execPath, [join(root, "src/cli", script), ...args], { encoding: "utf8", cwd: scratch.path });

  it("gives its exit code to the shell, and no colour to a pipe", () => {
    const { status, stdout, stderr } = run("main.ts", "explain", "GET", "/orders", "--policy", policy);
    expect(stdout).toContain("401 credentials-missing");
    expect(stdout).not.toContain("\u001b");
    expect([status, stderr]).toEqual([1, ""]);
  });

  it.each([
    { name: "in a command", breaking: 'console.log = () => { throw new RangeError("broken"); }' },
    { name: "in a timer", breaking: 'console.log = () => setTimeout(() => { throw new RangeError("broken"); })' },
  ])("ends with one line and 70, which is no finding, after a bug $name", ({ breaking }) => {
    const run = spawnSync(
      process.execPath,
      ["--import", `data:text/javascript,${breaking}`, join(root, "src/cli/main.ts"), "matrix", "--policy", policy],
      { encoding: "utf8", cwd: scratch.path, env: { ...process.env, SCOPEGATE_DEBUG: "" } },
    );
    expect(run.stderr).toMatch(/^This is a bug of scopegate: RangeError: broken\. Please report it [^\n]+\n$/);
    expect([run.status, run.stdout]).toEqual([70, ""]);
  });

  it("checks as a build step", () => {
    const file = scratch.write("routes.json", exampleFile({ realm: "" }));
    const { status, stdout } = run("main.ts", "check");
    expect(stdout).toContain("routes.json:");
    expect([status, file]).toEqual([1, join(scratch.path, "routes.json")]);
  });
});
