/** The guide to adopting: its commands and their output, the decisions of the local stack, and the example's files. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePorts } from "../../../src/local/ports.ts";
import { copyProject, type ProjectCopy } from "../../support/cli/project-copy.ts";
import { scopegate } from "../../support/cli/run-scopegate.ts";
import { type RunningScript, runScript } from "../../support/cli/run-script.ts";
import { wrongMembers } from "../../support/log/log-form.ts";
import { type CodeBlock, codeBlocks } from "../../support/project/code-blocks.ts";
import { projectFile, SHOP_WRANGLER } from "../../support/project/project-files.ts";

const GUIDE = projectFile("docs/guides/adopting.md");
const FOLDER = "examples/adopting";
const POLICIES = ["routes.first.json", "routes.json", "routes.next.json"].map((file) => `${FOLDER}/${file}`);
const CALL = "npm run -s scopegate -- ";
const LAST_DAY = "2099-12-31";

let copy: ProjectCopy;
beforeAll(async () => {
  copy = await copyProject();
});
afterAll(() => copy[Symbol.asyncDispose]());

/** The arguments of a command of the guide, without what a comment says about it. */
function argumentsOf(command: string): readonly string[] {
  return command.slice(CALL.length).split(" #")[0]?.trim().split(/ +/) ?? [];
}

/** Runs a command of the guide. What writes a policy writes that of the copy. */
function run(command: string) {
  const args = argumentsOf(command);
  return scopegate(...(args.includes("--patch") ? args.map((it) => it.replace(FOLDER, copy.path(FOLDER))) : args));
}

describe("the commands of the guide", () => {
  const blocks = codeBlocks(GUIDE);
  const shown = blocks.filter(({ text }) => text.startsWith(`$ ${CALL}`)).map(commandAndOutput);
  const pasted = blocks
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => text.split("\n"))
    .filter((line) => line.startsWith(CALL));

  function commandAndOutput({ text }: CodeBlock) {
    const [command = "", ...output] = text.split("\n");
    return { command: command.slice("$ ".length), output: output.join("\n").trimEnd() };
  }

  it("are found", () => {
    expect([shown.length, pasted.length]).toEqual([3, 8]);
  });

  it.each(shown)("print what the guide shows: $command", async ({ command, output }) => {
    const { exitCode, stdout, stderr } = await run(command);
    expect({ exitCode, stderr, output: stdout.trimEnd() }).toEqual({ exitCode: 0, stderr: "", output });
  });

  it.each(pasted)("do what they should: %s", async (command) => {
    expect(await run(command)).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it("leave the candidate tightened by --patch, and nothing else", async () => {
    const { clients, ...rest } = JSON.parse(await copy.read(`${FOLDER}/routes.next.json`));
    const { clients: before, ...others } = JSON.parse(projectFile(`${FOLDER}/routes.next.json`));
    expect(rest).toEqual(others);
    expect(clients).toEqual({
      ...before,
      warehouse: { scopes: ["read:products", "read:orders", "ship:orders"] },
      feed: { scopes: ["read:products"] },
    });
  });
});

// The guide's calls are those of a POSIX shell.
describe.skipIf(process.platform === "win32")("the calls of the guide", () => {
  const [calls] = codeBlocks(GUIDE).filter(({ text }) => text.startsWith("API="));
  const [decisions] = codeBlocks(GUIDE).filter(({ text }) => text.startsWith("deny "));
  let dev: RunningScript;

  afterAll(async () => {
    dev.process.kill("SIGTERM");
    await dev.finished;
  });

  it("have the decisions that the guide shows, one line each", { timeout: 120_000 }, async () => {
    const ports = await freePorts(5);
    const options = ["--port", "--issuer-port", "--products-port", "--orders-port", "--console-port"];
    const args = ["dev", "--policy", POLICIES[1] ?? "", ...options.flatMap((it, at) => [it, String(ports[at])])];
    dev = runScript(copy.path("src/cli/main.ts"), args, copy.directory);
    await dev.printed("Ctrl-C stops.");
    // Counts start anew with each minute.
    const leftMs = 60_000 - (Date.now() % 60_000);
    if (leftMs < 20_000) await new Promise((resolve) => setTimeout(resolve, leftMs + 50));
    const script = (calls?.text ?? "")
      .replace("127.0.0.1:8787", `127.0.0.1:${ports[0]}`)
      .replaceAll("token -- ", `token -- --token-url http://127.0.0.1:${ports[1]}/oauth2/token `);
    await promisify(execFile)("bash", ["-e", "-c", script], { cwd: copy.directory });
    const lines = (await dev.printed("rate-limited"))
      .split("\n")
      .filter((line) => /^(?:\S+ +\d{3}|shadow) /.test(line));
    // The guide shows the 20 reads within the limit once.
    const once = lines.filter((line, at) => line !== lines[at - 1]);
    expect(once).toEqual((decisions?.text ?? "").trimEnd().split("\n"));
    expect(lines).toHaveLength(once.length + 19);
  });
});

describe("the example of the guide", () => {
  it.each(POLICIES)("has no error and no warning, on its last day and the day after: %s", async (policy) => {
    for (const day of ["2026-12-01", "2100-01-01"]) {
      const { exitCode, stdout } = await scopegate("check", "--policy", policy, "--strict", "--json", "--on", day);
      const { findings } = JSON.parse(stdout) as { findings: { severity: string; code: string }[] };
      const open = findings.filter(({ severity }) => severity !== "notice").map(({ code }) => code);
      const ended = day === "2100-01-01" && projectFile(policy).includes("report") ? ["report-ended"] : [];
      expect({ day, open, exitCode }).toEqual({ day, open: ended, exitCode: ended.length });
    }
  });

  it("has a last day that does not come while it is read", () => {
    const days = POLICIES.flatMap((policy) => projectFile(policy).match(/"until": "[^"]*"/g) ?? []);
    expect(days.length).toBeGreaterThan(2);
    expect(new Set(days)).toEqual(new Set([`"until": "${LAST_DAY}"`]));
  });

  it("has the wrangler file of the shop, with the rate limit, and it watches the candidate", () => {
    const settings = projectFile(`${FOLDER}/wrangler.toml`)
      .replaceAll(/^\[\[(?:env\.\w+\.)?ratelimits\]\]\n(?:\w+ = .*\n)+\n/gm, "")
      .replace(', "routes.next.json"]', "]");
    const withoutComments = (text: string) => text.replaceAll(/^#.*\n/gm, "").replace(/^\n+/, "");
    const shop = projectFile(SHOP_WRANGLER).replaceAll("examples/shop/", "examples/adopting/");
    expect(withoutComments(settings)).toBe(withoutComments(shop.replaceAll("scopegate-shop", "scopegate-adopting")));
  });

  it.each([
    { log: "first-week.jsonl", policy: "routes.first.json" },
    { log: "later-week.jsonl", policy: "routes.next.json" },
  ])("has lines as the gateway writes them under $policy: $log", async ({ log, policy }) => {
    const lines = projectFile(`${FOLDER}/${log}`).trimEnd().split("\n");
    expect(lines.flatMap((line) => wrongMembers(JSON.parse(line)))).toEqual([]);
    const file = `${FOLDER}/${policy}`;
    const args = ["--log", `${FOLDER}/${log}`, "--before", file, "--policy", file, "--env", "production", "--json"];
    const { exitCode, stdout } = await scopegate("replay", ...args);
    const { untold } = JSON.parse(stdout);
    expect([exitCode, Object.keys(untold ?? {}).filter((cause) => cause !== "path")]).toEqual([0, []]);
  });
});
