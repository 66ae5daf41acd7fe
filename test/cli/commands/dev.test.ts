import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { assertDifferentPorts, parsePort } from "../../../src/cli/args/parse-port.ts";
import { freePorts, isPortFree } from "../../../src/local/ports.ts";
import { copyProject } from "../../support/cli/project-copy.ts";
import { runScript } from "../../support/cli/run-script.ts";

const PORT_OPTIONS = ["--port", "--issuer-port", "--products-port", "--orders-port", "--console-port"];

describe.concurrent("npm run dev", () => {
  it("serves, reloads what changes, tells what is wrong with it, and leaves nothing behind", async () => {
    await using copy = await copyProject();
    const ports = await freePorts(PORT_OPTIONS.length);
    const options = PORT_OPTIONS.flatMap((option, index) => [option, String(ports[index])]);
    const wrangler = (await copy.read("wrangler.toml")).replace(/^\[vars\]\n(?:\w+ = .*\n)+/m, "[vars]\n");
    await copy.write("wrangler.toml", wrangler);
    const dev = runScript(copy.path("src/cli/main.ts"), ["dev", ...options], copy.directory);
    const statusOf = async (path: string) => (await fetch(`http://127.0.0.1:${ports[0]}${path}`)).status;
    const routes = await copy.read("routes.json");
    const owned = routes.replaceAll("/products/healthz", "/products/alive").replace("PRODUCTS_URL", "OWN_URL");

    const consoleUrl = `http://127.0.0.1:${ports.at(-1)}`;
    const consolePage = async (path = "/") => await (await fetch(consoleUrl + path)).text();

    await dev.printed("Ctrl-C stops.");
    await dev.printed(`The console at ${consoleUrl} shows the policy and each decision.`);
    expect(await statusOf("/products/healthz")).toBe(200);
    await dev.printed("allow      200 GET     /products/healthz");
    expect(await consolePage()).toContain("/products/:id");

    await copy.write("routes.json", routes.replace('["read:products"], "upstream"', '["raed:products"], "upstream"'));
    await dev.printed("Every request is refused with policy-invalid:");
    await dev.printed("`raed:products`");
    expect(await consolePage()).toMatch(/last valid version[\s\S]*routes\.json:\d+:\d+: .*`raed:products`/);
    expect(await statusOf("/products/healthz")).toBe(500);

    await copy.write("routes.json", "{");
    await dev.printed("Not reloaded: the gateway still serves the version before this change.");
    expect(await statusOf("/products/healthz")).toBe(500);

    await copy.write("routes.json", owned);
    await dev.printed("OWN_URL     not set in [vars] or .dev.vars, or a placeholder; here it is");
    expect(await statusOf("/products/healthz")).toBe(401);

    await rm(copy.path("routes.json"));
    await dev.printed("routes.json: There is no such file.");
    expect(await statusOf("/products/healthz")).toBe(401);

    await copy.write("wrangler.toml", "[vars");
    await copy.write("routes.json", owned);
    await dev.printed("wrangler.toml:1:2: Invalid TOML");
    expect(await statusOf("/products/healthz")).toBe(401);

    const vars = '[vars]\nOWN_URL = "http://127.0.0.1:1"';
    await copy.write("wrangler.toml", wrangler.replace("[vars]", vars));
    await dev.printed("http://127.0.0.1:1: while nothing listens there, the example's products service answers");
    expect(await statusOf("/products/healthz")).toBe(401);
    expect(await statusOf("/products/alive")).toBe(404);

    await copy.write(".dev.vars", 'OWN_URL="http://127.0.0.1:1/not-to-be-shown"\nOTHER=secret');
    await dev.printed("{OWN_URL}: while nothing listens there, the example's products service answers");
    await dev.printed("from .dev.vars or .env");
    for (const path of ["/", "/live", "/keys"]) expect(await consolePage(path)).not.toContain("not-to-be-shown");
    expect(await statusOf("/products/alive")).toBe(404);

    dev.process.kill("SIGTERM");
    const { exitCode, stdout, stderr } = await dev.finished;
    expect(stdout + stderr).not.toContain("not-to-be-shown");
    // On Windows, a signal ends a process at once, so nothing can stop its Workers.
    if (process.platform === "win32") return;
    expect(exitCode).toBe(143);
    expect(stdout).not.toContain("/_gateway/health");
    for (const port of ports) await vi.waitUntil(() => isPortFree(port), { timeout: 5000 });
  }, 90_000);

  it("prints where the candidate policy disagrees, and reloads the candidate", async () => {
    await using copy = await copyProject();
    const ports = await freePorts(PORT_OPTIONS.length);
    const options = PORT_OPTIONS.flatMap((option, index) => [option, String(ports[index])]);
    const args = ["dev", "--policy", "examples/adopting/routes.json", ...options];
    const dev = runScript(copy.path("src/cli/main.ts"), args, copy.directory);
    const remove = () => fetch(`http://127.0.0.1:${ports[0]}/orders/1`, { method: "DELETE" });
    const line = (then: string) =>
      `shadow         DELETE  /orders/:id          -          would-deny credentials-missing; the candidate: ${then}`;

    await dev.printed("Ctrl-C stops.");
    await remove();
    await dev.printed("would-deny 401 DELETE  /orders/:id");
    await dev.printed(line("deny credentials-missing"));

    const next = "examples/adopting/routes.next.json";
    const candidate = await copy.read(next);
    await copy.write(
      next,
      candidate.replace('["PUT", "PATCH", "DELETE"], "scopes": ["ship', '["PUT"], "scopes": ["ship'),
    );
    await dev.printed("Reloaded.");
    await remove();
    await dev.printed(line("deny method-not-allowed"));

    await copy.write(next, candidate.replace('"routes": [', '"roots": ['));
    await dev.printed("routes.next.json:");
    expect((await remove()).status).toBe(401);

    dev.process.kill("SIGTERM");
    await dev.finished;
  }, 90_000);

  it("runs without a console if its port is in use, and says so", async () => {
    await using copy = await copyProject();
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const options = PORT_OPTIONS.flatMap((option) => [option, option === "--console-port" ? String(port) : "0"]);
    const dev = runScript(copy.path("src/cli/main.ts"), ["dev", ...options], copy.directory);
    await dev.printed("Ctrl-C stops.");
    dev.process.kill("SIGTERM");
    const { stdout, stderr } = await dev.finished;
    expect(stderr).toContain(`Port ${port} (console) is in use. Choose another with --console-port.\n`);
    expect(stdout).not.toContain("The console");
    server.close();
  });

  it("tells in one line that a port is in use, and the option that changes it", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const options = ["--port", "0", "--issuer-port", String(port)];
    const { exitCode, stderr } = await runScript("src/cli/main.ts", ["dev", ...options]).finished;
    const expected = `Port ${port} (issuer) is in use. Choose another with --issuer-port.\n`;
    expect([exitCode, stderr]).toEqual([1, expected]);
    server.close();
  });

  it.each([
    {
      name: "there is no policy",
      files: {},
      expected:
        "routes.json: There is no such file. Name another with --policy, or write one with npm run scopegate -- init.",
    },
    {
      name: "the policy is empty",
      files: { "routes.json": "" },
      expected: "routes.json:1:1: This is not JSON. The file ends too early. Expected a value.",
    },
    {
      name: "the policy is not JSON",
      files: { "routes.json": "{ routes: [] }" },
      expected: expect.stringMatching(/^routes\.json:1:3: This is not JSON\. .+\.$/),
    },
    {
      name: "a member is there twice",
      files: { "routes.json": '{"realm":"a","realm":"b"}' },
      expected: 'routes.json:1:14: The member "realm" appears twice. Remove one of them.',
    },
    {
      name: "wrangler's file is faulty",
      files: { "routes.json": "{}", "wrangler.toml": "[vars" },
      expected: expect.stringMatching(/^wrangler\.toml:1:2: Invalid TOML .+$/),
    },
    {
      name: "wrangler's file is faulty, in a line further down",
      files: { "routes.json": "{}", "wrangler.toml": '[vars]\nA = "a"\nB = b\n' },
      expected: expect.stringMatching(/^wrangler\.toml:3:5: Invalid TOML .+$/),
    },
    {
      name: "wrangler's file is faulty, as JSON",
      files: { "routes.json": "{}", "wrangler.jsonc": '{\n  "vars": {\n' },
      expected: expect.stringMatching(/^wrangler\.jsonc:\d:\d+: .+$/),
    },
    {
      name: "the file .dev.vars is a folder",
      files: { "routes.json": "{}", ".dev.vars/file": "" },
      expected: ".dev.vars: The file cannot be read.",
    },
  ])("ends with one line if $name", { timeout: 60_000 }, async ({ files, expected }) => {
    const folder = await mkdtemp(join(tmpdir(), "scopegate-"));
    try {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), text);
      }
      const dev = runScript(
        resolve("src/cli/main.ts"),
        ["dev", "--port", "0", "--issuer-port", "0", "--console-port", "0"],
        folder,
      );
      const { exitCode, stdout, stderr } = await dev.finished;
      expect([exitCode, stdout]).toEqual([2, ""]);
      expect(stderr.replace(/\n$/, "").split("\n")).toEqual([expected]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("tells in one line that two options name one port", async () => {
    const options = ["--port", "18787", "--orders-port", "18787"];
    const { exitCode, stderr } = await runScript("src/cli/main.ts", ["dev", ...options]).finished;
    expect([exitCode, stderr]).toEqual([2, "--port and --orders-port are both 18787: choose different ports.\n"]);
  });

  it("tells in one line that an option is wrong", async () => {
    const { exitCode, stderr } = await runScript("src/cli/main.ts", ["dev", "--port", "65536"]).finished;
    expect([exitCode, stderr]).toEqual([2, "--port needs a port from 0 (any free one) to 65535.\n"]);
  });
});

describe("parsePort", () => {
  it.each([
    { name: "takes 0, for any free port", input: "0", expected: 0 },
    { name: "takes the highest port", input: "65535", expected: 65_535 },
  ])("$name", ({ input, expected }) => {
    expect(parsePort("port", input)).toBe(expected);
  });

  it.each([
    { name: "refuses a higher one", input: "65536" },
    { name: "refuses a negative one", input: "-1" },
    { name: "refuses nothing", input: "" },
    { name: "refuses what is no number", input: "80a" },
  ])("$name", ({ input }) => {
    expect(() => parsePort("port", input)).toThrow("--port needs a port");
  });
});

describe("assertDifferentPorts", () => {
  it.each([
    { name: "takes neighbours", input: [8787, 8788] },
    { name: "takes 0 twice, for two free ports", input: [0, 0] },
  ])("$name", ({ input: [one = 0, other = 0] }) => {
    expect(() =>
      assertDifferentPorts([
        ["port", one],
        ["issuer-port", other],
      ]),
    ).not.toThrow();
  });

  it("refuses one port for two options", () => {
    const ports = [
      ["port", 8787],
      ["issuer-port", 8788],
      ["orders-port", 8787],
    ] as const;
    expect(() => assertDifferentPorts(ports)).toThrow("--port and --orders-port are both 8787");
  });
});
