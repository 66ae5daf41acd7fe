/** `hosts` and `publicUrl` with variables, by every command that reads a policy. */
import { beforeEach, describe, expect, it } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const variable = (name: string) => `\${${name}}`;
const MEMBERS = { hosts: [variable("PUBLIC_HOST")], publicUrl: `https://${variable("PUBLIC_HOST")}` };

describe("beside a wrangler file", () => {
  const scratch = scratchDirectory();
  const policy = scratch.write("routes.json", exampleFile(MEMBERS));
  const open = scratch.write("open.json", exampleFile());

  function wrangler(production: string | undefined): void {
    const vars = (host: string) => `PUBLIC_HOST = "${host}"`;
    const lines = ['name = "gateway"', 'compatibility_date = "2026-08-01"', "[vars]", vars("localhost")];
    const environment = production === undefined ? [] : [vars(production)];
    scratch.write("wrangler.toml", [...lines, "[env.production.vars]", ...environment].join("\n"));
  }
  beforeEach(() => wrangler("api.example"));

  async function faults(): Promise<readonly string[]> {
    const { stdout } = await scopegate("check", "--policy", policy, "--json");
    const { findings } = JSON.parse(stdout) as {
      findings: { code: string; path: string; message: string; environments?: string[] }[];
    };
    return findings
      .filter(({ code }) => code === "invalid")
      .map(({ path, message, environments }) => `${environments?.join()} ${path} ${message}`);
  }

  it("check takes the value of each environment", async () => {
    expect(await faults()).toEqual([]);
  });

  it("check names the environment whose value is wrong or missing", async () => {
    wrangler("api.example:8443");
    expect(await faults()).toEqual(["production $.hosts[0] This is not a plain host name."]);
    wrangler(undefined);
    expect(await faults()).toEqual([
      "production $.hosts[0] The variable `PUBLIC_HOST` is not set.",
      "production $.publicUrl The variable `PUBLIC_HOST` is not set.",
    ]);
  });

  it.each([
    { env: [], host: "localhost", exitCode: 0 },
    { env: [], host: "api.example", exitCode: 1 },
    { env: ["--env", "production"], host: "api.example", exitCode: 0 },
    { env: ["--env", "production"], host: "localhost", exitCode: 1 },
  ])("explain $env finds $host: exit code $exitCode", async ({ env, host, exitCode }) => {
    const args = ["--host", host, "--client", "customer", "--policy", policy, ...env];
    expect((await scopegate("explain", "GET", "/orders", ...args)).exitCode).toBe(exitCode);
  });

  it("diff compares the value of each environment", async () => {
    const { stdout } = await scopegate("diff", policy, open, "--json");
    const { settings } = JSON.parse(stdout) as { settings: { kind: string; path: string; message: string }[] };
    const found = settings.filter(({ path }) => path === "$.hosts").map(({ kind, message }) => `${kind} ${message}`);
    expect(found).toEqual(["looser Requests for every host are now served."]);
    const failing = await scopegate("diff", policy, open, "--fail-on", "looser");
    expect(failing.exitCode).toBe(1);
  });
});

describe("without a wrangler file", () => {
  const scratch = scratchDirectory();
  const policy = scratch.write("routes.json", exampleFile(MEMBERS));

  it.each([["check"], ["prove"], ["matrix"], ["diff", policy]])("%s makes a host up", async (command, ...args) => {
    const given = command === "diff" ? [...args, policy] : ["--policy", policy];
    const { exitCode, stderr } = await scopegate(command, ...given);
    expect([exitCode, stderr]).toEqual([0, ""]);
  });
});
