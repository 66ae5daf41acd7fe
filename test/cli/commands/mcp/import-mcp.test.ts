import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { mcpServer, sendJson, toolPage } from "../../../support/cli/mcp-server.ts";
import { scopegate, scratchDirectory } from "../../../support/cli/run-scopegate.ts";
import { policyFile, policyFileWith } from "../../../support/policy/policy-file.ts";

const scratch = scratchDirectory();
const READ = { scopes: ["read:orders"] };
const MCP = { path: "/mcp", upstream: "orders", mcp: { tools: { get_order: READ, "list_*": READ } } };
const withMcp = () => policyFileWith({ routes: [...policyFile().routes, MCP] });
const tools = (...names: readonly string[]) => scratch.write("tools.json", { tools: names.map((name) => ({ name })) });

afterEach(() => vi.unstubAllEnvs());

describe("import mcp", () => {
  it("adds a route whose tools need a requirement, and check says so for each", async () => {
    const policy = scratch.write("routes.json", policyFile());
    const run = await scopegate("import", "mcp", tools("get_order", "delete_order"), "--policy", policy, "--write");
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("2 tools added; 0 tools already") });
    expect(run.stderr).toContain("is a fault until it says who may call the tool");
    expect(run.stderr).toContain("Only tools are imported.");
    const text = readFileSync(policy, "utf8");
    for (const name of ["get_order", "delete_order"]) expect(text).toMatch(new RegExp(`^ +"${name}": \\{\\},?$`, "m"));
    const written = JSON.parse(text);
    expect(written.routes[0]).toEqual(policyFile().routes[0]);
    expect(written.routes[1]).toMatchObject({
      path: "/mcp",
      upstream: "orders",
      mcp: { methods: { "tools/list": { authenticated: true } }, tools: { delete_order: {}, get_order: {} } },
    });
    const check = await scopegate("check", "--policy", policy);
    expect(check.exitCode).toBe(1);
    for (const name of ["get_order", "delete_order"]) expect(check.stdout).toContain(`$.routes[1].mcp.tools.${name}`);
    expect(check.stdout).toContain('Add "scopes" or "authenticated": true.');
    expect(check.stdout.match(/error invalid/g)).toHaveLength(2);
  });

  it("adds what a route lacks, and keeps what it has", async () => {
    const policy = scratch.write("routes.json", withMcp());
    const file = tools("get_order", "list_orders", "cancel_order");
    const { exitCode, stdout } = await scopegate("import", "mcp", file, "--policy", policy, "--json");
    const { route, added, kept, skipped, policy: merged } = JSON.parse(stdout);
    expect({ exitCode, route, added, kept, skipped }).toEqual({
      exitCode: 0,
      route: "/mcp",
      added: ["cancel_order"],
      kept: ["get_order", "list_orders"],
      skipped: [],
    });
    expect(merged.routes[1].mcp.tools).toEqual({ ...MCP.mcp.tools, cancel_order: {} });
    expect(JSON.parse(readFileSync(policy, "utf8"))).toEqual(withMcp());
  });

  it("adds the table of tools to a route that has none", async () => {
    const file = policyFileWith({ routes: [{ ...MCP, mcp: { methods: { "tools/list": { authenticated: true } } } }] });
    const policy = scratch.write("routes.json", file);
    const { stdout } = await scopegate("import", "mcp", tools("a"), "--policy", policy);
    expect(stdout).toMatch(/^ +"a": \{\}$/m);
    expect(JSON.parse(stdout).routes[0].mcp).toEqual({
      methods: { "tools/list": { authenticated: true } },
      tools: { a: {} },
    });
  });

  it("says that a server lists no tools", async () => {
    const policy = scratch.write("routes.json", policyFile());
    const { exitCode, stdout, stderr } = await scopegate("import", "mcp", tools(), "--policy", policy);
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, policyFile()]);
    expect(stderr).toContain("The server lists no tools");
  });

  it.each([
    { table: {}, isSaid: true },
    { table: { resources: {} }, isSaid: true },
    { table: { resources: { "orders://*": READ } }, isSaid: false },
    { table: { prompts: { summary: READ } }, isSaid: false },
  ])("says that only tools are imported, unless the route has other entries: $table", async ({ table, isSaid }) => {
    const route = { ...MCP, mcp: { ...MCP.mcp, ...table } };
    const policy = scratch.write("routes.json", policyFileWith({ routes: [route] }));
    const { stderr } = await scopegate("import", "mcp", tools("a"), "--policy", policy);
    expect(stderr.includes("Only tools are imported.")).toBe(isSaid);
  });

  it("names the tools that no entry can have", async () => {
    const policy = scratch.write("routes.json", withMcp());
    const file = tools("ok", "all_*", "a\u202eb", "constructor");
    const { exitCode, stdout, stderr } = await scopegate("import", "mcp", file, "--policy", policy, "--json");
    expect([exitCode, JSON.parse(stdout).skipped, JSON.parse(stdout).added]).toEqual([
      1,
      ["all_*", "a\u202eb", "constructor"],
      ["ok"],
    ]);
    expect(stderr).toBe("");
    const shown = await scopegate("import", "mcp", file, "--policy", policy);
    expect(shown.stderr).toContain("Not imported: a\\u{202e}b.");
  });

  it("reads all answers of a file, and none that goes on", async () => {
    const policy = scratch.write("routes.json", withMcp());
    const [first, second] = [toolPage(1, ["a"], "2"), toolPage(2, ["b"])];
    const whole = await scopegate(
      "import",
      "mcp",
      scratch.write("all.json", [first, second]),
      "--policy",
      policy,
      "--json",
    );
    expect(JSON.parse(whole.stdout).added).toEqual(["a", "b"]);
    const part = await scopegate("import", "mcp", scratch.write("part.json", first), "--policy", policy);
    expect(part).toMatchObject({ exitCode: 2, stdout: "", stderr: expect.stringContaining("add its other pages") });
  });

  it("sends the token of a variable, and shows it nowhere", async () => {
    const { url, requests } = await mcpServer(({ message }, response) =>
      sendJson(response, toolPage(message?.id, ["a"])),
    );
    vi.stubEnv("MCP_TOKEN", "very-secret");
    const policy = scratch.write("routes.json", withMcp());
    const run = await scopegate("import", "mcp", url, "--token-env", "MCP_TOKEN", "--policy", policy);
    expect([run.exitCode, requests[0]?.headers.authorization]).toEqual([0, "Bearer very-secret"]);
    expect(run.stdout + run.stderr).not.toContain("very-secret");
  });

  it.each([
    {
      name: "an unset variable",
      env: undefined,
      args: ["https://mcp.example/mcp", "--token-env", "MCP_TOKEN"],
      expected: "is not set",
    },
    {
      name: "a variable with two lines",
      env: "a\nb",
      args: ["https://mcp.example/mcp", "--token-env", "MCP_TOKEN"],
      expected: "holds no access token",
    },
    {
      name: "a token for a file",
      env: "a",
      args: ["tools.json", "--token-env", "MCP_TOKEN"],
      expected: "A file needs no token",
    },
    {
      name: "a URL that is not safe",
      env: undefined,
      args: ["http://mcp.example/mcp"],
      expected: "neither https nor http on loopback",
    },
    {
      name: "a file that is not there",
      env: undefined,
      args: ["nowhere.json"],
      expected: "There is no such file. If this is a URL, start it with",
    },
    {
      name: "a URL without a scheme",
      env: undefined,
      args: ["127.0.0.1:8790/mcp"],
      expected: "If this is a URL, start it with https:// or http://.",
    },
    {
      name: "an upstream that is unknown",
      env: undefined,
      args: ["tools.json", "--route", "/new", "--upstream", "none"],
      expected: "There is no upstream",
    },
  ])("refuses $name", async ({ env, args, expected }) => {
    if (env !== undefined) vi.stubEnv("MCP_TOKEN", env);
    const policy = scratch.write("routes.json", withMcp());
    const run = await scopegate("import", "mcp", ...args, "--policy", policy);
    expect(run).toMatchObject({ exitCode: 2, stdout: "", stderr: expect.stringContaining(expected) });
  });

  it("writes nothing where a new route would clash", async () => {
    const post = { path: "/mcp", methods: ["POST"], ...READ, upstream: "orders" };
    const policy = scratch.write("routes.json", policyFileWith({ routes: [post] }));
    const run = await scopegate("import", "mcp", tools("a"), "--policy", policy, "--write");
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("is also served by routes[0]") });
    expect(JSON.parse(readFileSync(policy, "utf8")).routes).toEqual([post]);
  });
});

describe("drift mcp", () => {
  it.each([
    { name: "agrees", names: ["get_order", "list_a"], exitCode: 0, unlisted: [], unknown: [] },
    {
      name: "finds tools without an entry",
      names: ["get_order", "list_a", "new"],
      exitCode: 1,
      unlisted: ["new"],
      unknown: [],
    },
    {
      name: "finds entries without a tool",
      names: ["other"],
      exitCode: 1,
      unlisted: ["other"],
      unknown: ["get_order", "list_*"],
    },
  ])("$name", async ({ names, exitCode, unlisted, unknown }) => {
    const policy = scratch.write("routes.json", withMcp());
    const run = await scopegate("drift", "mcp", tools(...names), "--policy", policy, "--json");
    const found = JSON.parse(run.stdout);
    expect([
      run.exitCode,
      found.route,
      found.unlisted,
      found.unknown.map((it: { pattern: string }) => it.pattern),
    ]).toEqual([exitCode, "/mcp", unlisted, unknown]);
    const shown = await scopegate("drift", "mcp", tools(...names), "--policy", policy);
    for (const name of [...unlisted, ...unknown]) expect(shown.stdout).toContain(`  ${name}`);
    expect(shown.exitCode).toBe(exitCode);
  });

  it("names the place of an entry", async () => {
    const policy = scratch.write("routes.json", withMcp());
    const { stdout } = await scopegate("drift", "mcp", tools("get_order"), "--policy", policy, "--json");
    expect(JSON.parse(stdout).unknown).toEqual([
      { pattern: "list_*", line: expect.any(Number), column: expect.any(Number) },
    ]);
  });

  it.each([
    { name: "a policy without such routes", routes: policyFile().routes, args: [], expected: "has no MCP route" },
    { name: "a path without one", routes: [MCP], args: ["--route", "/other"], expected: "has no MCP route /other" },
    { name: "several of them", routes: [MCP, { ...MCP, path: "/more" }], args: [], expected: "Known: /mcp, /more." },
  ])("refuses $name", async ({ routes, args, expected }) => {
    const policy = scratch.write("routes.json", policyFileWith({ routes }));
    const run = await scopegate("drift", "mcp", tools("a"), "--policy", policy, ...args);
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(expected) });
  });
});
