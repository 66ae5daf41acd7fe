import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { isPortFree } from "../../../../src/local/ports.ts";
import { exampleFile, scopegate, scratchDirectory } from "../../../support/cli/run-scopegate.ts";
import { runScript } from "../../../support/cli/run-script.ts";

const scratch = scratchDirectory();
const MAIN = resolve("src/cli/main.ts");

/** Runs the command as a process of its own, in a folder. Returns the pages that it serves. */
async function run(folder: string, ...args: readonly string[]) {
  const process = runScript(MAIN, ["console", "--port", "0", ...args], folder);
  const printed = await process.printed("Ctrl-C stops.");
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0] ?? "";
  return { ...process, printed, url, page: async (path = "/") => await (await fetch(url + path)).text() };
}

describe("scopegate console", { timeout: 60_000 }, () => {
  it("prints its address, serves until it is stopped, and leaves nothing behind", async () => {
    const folder = scratch.folder();
    folder.write("routes.json", exampleFile());
    const running = await run(folder.path);
    expect(running.printed).toBe(`The console at ${running.url} shows routes.json. Ctrl-C stops.\n`);
    expect(await running.page()).toContain("/products/:id");
    running.process.kill("SIGINT");
    const { stderr } = await running.finished;
    expect(stderr).toBe("");
    expect(await isPortFree(Number(new URL(running.url).port))).toBe(true);
  });

  it("starts with a policy that is invalid or missing, and shows why", async () => {
    const folder = scratch.folder();
    const running = await run(folder.path);
    expect(await running.page()).toContain("routes.json: There is no such file.");
    folder.write("routes.json", exampleFile({ routes: [] }));
    expect(await running.page()).toMatch(/routes\.json:\d+:\d+: /);
    folder.write("routes.json", exampleFile());
    expect(await running.page()).toContain("/products/:id");
    running.process.kill();
    await running.finished;
  });

  it("takes the vars of an environment, and follows wrangler's file", async () => {
    const folder = scratch.folder();
    const issuer = "$" + "{ISSUER_URL}";
    folder.write("routes.json", exampleFile({ issuers: { cognito: { issuer, profile: "cognito" } } }));
    const wrangler = (url: string) => `name = "gate"\n[env.staging]\nvars = { ISSUER_URL = "${url}" }\n`;
    folder.write("wrangler.toml", wrangler("https://one.example/pool"));
    const running = await run(folder.path, "--env", "staging");
    const first = await running.page("/keys");
    expect(first).toContain("https://one.example/pool");
    expect(first).toContain("environment staging");
    folder.write("wrangler.toml", wrangler("https://other.example/pool"));
    expect(await running.page("/keys")).toContain("https://other.example/pool");
    folder.write("wrangler.toml", "[env");
    expect(await running.page("/keys")).toMatch(/wrangler\.toml:1:\d+: Invalid TOML/);
    running.process.kill();
    await running.finished;
  });

  it("shows the policy on the day of --on", async () => {
    const folder = scratch.folder();
    const file = exampleFile();
    const [first = {}, ...others] = file.routes;
    folder.write("routes.json", { ...file, routes: [{ ...first, report: { until: "2027-02-01" } }, ...others] });
    const running = await run(folder.path, "--on", "2027-01-31");
    expect(await running.page()).toContain("on 2027-01-31");
    running.process.kill();
    await running.finished;
  });

  it("tells in one line that its port is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { exitCode, stdout, stderr } = await scopegate("console", "--port", String(port));
    const expected = `Port ${port} (console) is in use. Choose another with --port.\n`;
    expect([exitCode, stdout, stderr]).toEqual([1, "", expected]);
    server.close();
  });

  it.each([
    { args: ["--port", "65536"], expected: "--port needs a port from 0 (any free one) to 65535.\n" },
    { args: ["--on", "soon"], expected: "--on soon: This is not a day of the calendar." },
  ])("refuses $args", async ({ args, expected }) => {
    const { exitCode, stderr } = await scopegate("console", ...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(expected)]);
  });
});
