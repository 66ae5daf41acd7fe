import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../../../support/cli/run-scopegate.ts";
import { decisionLine } from "../../../support/decisions/decision-lines.ts";

const scratch = scratchDirectory();
const API = "https://api.myecommerce.com";
const ISSUER = "https://issuer.example/pool";
const cognito = { ...exampleFile().issuers.cognito, registeredClientsOnly: true };

/** A line of a call with a token of a client that grants some scopes, by short name. */
function line(client: string, method: string, route: string, granted: string, members = {}) {
  const scopes = granted.split(" ").filter(Boolean);
  return decisionLine({
    method,
    route,
    issuer: ISSUER,
    client_id: client,
    granted: scopes.map((name) => `${API}/${name}`),
    ...members,
  });
}

const REFUSED = { decision: "deny", reason: "scope-insufficient", status: 403 };
const ALL = "read:products write:products read:orders write:orders";
const LINES = [
  line("admin", "GET", "/products", ALL),
  line("admin", "POST", "/products", ALL, { time: "2026-11-28T16:00:00.000Z" }),
  line("customer", "GET", "/orders/:id", "read:products read:orders"),
  line("customer", "GET", "/products/:id", "read:products read:orders", { time: "2026-11-21T00:00:00.000Z" }),
  line("customer", "POST", "/orders", "read:products read:orders", REFUSED),
  line("customer", "POST", "/orders", "read:products read:orders", { ...REFUSED, decision: "would-deny" }),
];

function logOf(lines: readonly unknown[]): string {
  return `${lines.map((it) => JSON.stringify(it)).join("\n")}\n`;
}

function worldOf(lines: readonly unknown[] = LINES, changes: Readonly<Record<string, unknown>> = {}) {
  const folder = scratch.folder();
  const log = folder.write("decisions.log", logOf(lines));
  const policy = folder.write("routes.json", exampleFile({ issuers: { cognito }, ...changes }));
  return {
    folder,
    log,
    policy,
    run: (...args: readonly string[]) => scopegate("advise", "--log", log, "--policy", policy, ...args),
  };
}

async function adviceOn(lines: readonly unknown[], ...args: readonly string[]) {
  const { run } = worldOf(lines);
  const { exitCode, stdout, stderr } = await run("--json", ...args);
  expect([exitCode, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
}

it("tells what each client needs, never needed, never called, and was refused for", async () => {
  const { run, log } = worldOf();
  const { exitCode, stdout, stderr } = await run();
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(stdout).toBe(
    [
      `${log}: 6 decisions, from 2026-11-21T00:00:00.000Z to 2026-11-28T16:00:00.000Z`,
      "",
      "Client admin (issuer cognito): 2 permitted, 0 refused",
      "  needs         read:products + write:products",
      "  never needed  read:orders + write:orders",
      "  never called  GET /products/:id; PUT,PATCH,DELETE /products/:id; GET /orders; POST /orders; GET /orders/:id; PUT,PATCH,DELETE /orders/:id",
      "",
      "Client customer (issuer cognito): 2 permitted, 2 refused",
      "  needs         read:products + read:orders",
      "  refused       write:orders alone would have prevented 2 refusals of POST /orders. The client is not registered for it.",
      "  never called  GET /products; GET /orders",
      "",
      "Called by nobody: PUT,PATCH,DELETE /products/:id; GET /orders; POST /orders; PUT,PATCH,DELETE /orders/:id; GET /products/healthz.",
      "",
    ].join("\n"),
  );
});

it("tells the same as JSON, with full names", async () => {
  const advice = await adviceOn(LINES);
  expect(advice).toMatchObject({
    lines: 6,
    requests: 6,
    from: "2026-11-21T00:00:00.000Z",
    sampling: {},
    unseenClients: [],
  });
  expect(advice.clients[0]).toMatchObject({
    client: "admin",
    id: "admin",
    issuer: "cognito",
    permitted: { lines: 2, requests: 2 },
    refused: {},
    kept: { sets: [[`${API}/read:products`, `${API}/write:products`]], exact: true, complete: true },
    smallest: { sets: [[`${API}/read:products`, `${API}/write:products`]], exact: true, complete: true },
    unneeded: [`${API}/read:orders`, `${API}/write:orders`],
    preventable: [],
  });
  expect(advice.clients[1]).toMatchObject({
    refused: { "scope-insufficient": 2 },
    unneeded: [],
    preventable: [
      {
        scope: `${API}/write:orders`,
        isRegistered: false,
        lines: 2,
        requests: 2,
        routes: [{ methods: ["POST"], path: "/orders" }],
      },
    ],
  });
  expect(advice.uncalledRoutes).toContainEqual({ methods: ["GET"], path: "/products/healthz" });
  expect(advice).not.toHaveProperty("patch");
});

it.each([
  { name: "says that an authentication may be missing, too", more: { authentication: { acr: ["mfa"] } }, isSaid: true },
  { name: "says nothing of authentication where no route asks for it", more: {}, isSaid: false },
])("of a refusal that a scope would have prevented, $name", async ({ more, isSaid }) => {
  const routes = [{ path: "/orders", methods: ["POST"], scopes: ["write:orders"], upstream: "orders", ...more }];
  const { stdout } = await worldOf([line("customer", "POST", "/orders", "", REFUSED)], { routes }).run();
  expect(stdout).toContain("write:orders alone would have prevented 1 refusal");
  expect(stdout.includes("The log does not tell how users authenticated")).toBe(isSaid);
});

it("names eight of the scopes that would have prevented refusals, and counts the others", async () => {
  const names = Array.from({ length: 10 }, (_, at) => `s${at}`);
  const resourceServers = { api: { scopes: Object.fromEntries(names.map((name) => [name, ""])) } };
  const routes = [{ path: "/orders", methods: ["GET"], scopes: names, upstream: "orders" }];
  const { run } = worldOf([line("one", "GET", "/orders", "", REFUSED)], { resourceServers, routes, clients: {} });
  const { stdout } = await run();
  expect(stdout.match(/alone would have prevented/g)).toHaveLength(8);
  expect(stdout).toContain("  refused  2 more scopes would have prevented refusals\n");
});

describe("what a log cannot tell", () => {
  const customer = (members: Readonly<Record<string, unknown>>) =>
    line("customer", "GET", "/orders", "read:orders", members);

  it.each([
    {
      name: "a route that the policy no longer has",
      members: { route: "/baskets" },
      expected: { unknownRoutes: 1, permitted: { lines: 0 } },
    },
    {
      name: "such a route with the path of one that it has",
      members: { route: "/:all", path: "/orders" },
      expected: { unknownRoutes: 0, permitted: { lines: 1 } },
    },
    {
      name: "a path that was cut",
      members: { path: "/products/abc..." },
      expected: { unneeded: [`${API}/read:products`] },
    },
    {
      name: "a scope that the registration lost since",
      members: { granted: [`${API}/write:orders`] },
      expected: { outdated: 1, kept: { sets: [[]] } },
    },
    { name: "a line without what the token granted", members: { granted: undefined }, expected: { withoutGranted: 1 } },
  ])("counts $name", async ({ members, expected }) => {
    const { clients } = await adviceOn([customer(members)]);
    expect(clients).toMatchObject([expected]);
  });

  it.each([
    {
      name: "an issuer that the policy does not have",
      members: { issuer: "https://other.example" },
      expected: { unknownIssuers: 1, clients: [] },
    },
    {
      name: "no token",
      members: { issuer: undefined, client_id: undefined },
      expected: { withoutToken: 1, clients: [] },
    },
    {
      name: "another requirement than now",
      members: { required: [`${API}/write:orders`] },
      expected: { otherRequirements: 1 },
    },
    { name: "the same requirement", members: { required: [`${API}/read:orders`] }, expected: { otherRequirements: 0 } },
  ])("counts lines with $name", async ({ members, expected }) => {
    expect(await adviceOn([customer(members)])).toMatchObject(expected);
  });

  it("says so for people", async () => {
    const lines = [
      customer({ route: "/baskets" }),
      customer({ granted: undefined }),
      customer({ granted: [`${API}/write:orders`] }),
      customer({ issuer: "https://other.example" }),
      customer({ issuer: undefined, client_id: undefined }),
      customer({ required: [`${API}/write:orders`] }),
      customer({ client_id: undefined }),
      line("customer", "PUT", "/orders/:id", "", { ...REFUSED, reason: "token-expired" }),
    ];
    const { stdout } = await worldOf(lines).run();
    for (const text of [
      "unknown routes  1 permitted call: this policy has no such route",
      "untold          1 permitted call: the log lacks `granted`",
      "outdated        1 permitted call: this policy would refuse them",
      "1 line with tokens of issuers that this policy does not have.",
      "1 line without an accepted token",
      "1 line of routes that ask for other scopes now.",
      "Tokens without a client id (issuer cognito, not registered)",
      "Not in the log: admin.",
      "1 refused",
    ]) {
      expect(stdout).toContain(text);
    }
  });
});

describe("a sampled log", () => {
  const lines = [
    line("customer", "GET", "/orders", "read:orders", { sample_share: 1 }),
    line("customer", "GET", "/orders", "read:orders", { sample_share: 0.01 }),
    line("customer", "POST", "/orders", "read:orders", { ...REFUSED, sample_share: 0.5 }),
  ];

  it("tells how many requests the lines stand for", async () => {
    const advice = await adviceOn(lines);
    expect(advice).toMatchObject({ lines: 3, requests: 103, sampling: { allow: 0.01, deny: 0.5 } });
    expect(advice.clients).toMatchObject([
      { permitted: { lines: 2, requests: 101 }, preventable: [{ lines: 1, requests: 2 }] },
    ]);
  });

  it("warns people", async () => {
    const { stdout } = await worldOf(lines).run();
    expect(stdout).toContain(
      "  Only a share was written (allow: 0.01, deny: 0.5). The lines stand for some 103 requests.\n",
    );
    expect(stdout).toContain("  Rare calls may be missing.");
  });
});

describe("what counts as let through", () => {
  it.each([
    {
      name: "a call whose upstream failed",
      members: { decision: "error", reason: "upstream-timeout", status: 504 },
      permitted: 1,
    },
    {
      name: "the same in an older line",
      members: { decision: "deny", reason: "upstream-unreachable", status: 502 },
      permitted: 1,
    },
    {
      name: "a call that only a rate limit would have denied",
      members: { decision: "would-deny", reason: "rate-limited" },
      permitted: 1,
    },
    {
      name: "no call that a rate limit denied",
      members: { decision: "deny", reason: "rate-limited", status: 429 },
      permitted: 0,
    },
    { name: "no call that would have been denied", members: { ...REFUSED, decision: "would-deny" }, permitted: 0 },
    {
      name: "no call that the gateway failed to decide",
      members: { decision: "error", reason: "keys-unavailable", status: 503 },
      permitted: 0,
    },
    { name: "no answer of the gateway itself", members: { upstream: undefined }, permitted: 0 },
  ])("is $name", async ({ members, permitted }) => {
    const { clients } = await adviceOn([line("customer", "GET", "/orders", "read:orders", members)]);
    expect(clients).toMatchObject([{ permitted: { lines: permitted } }]);
  });

  it("is HEAD where a route has GET", async () => {
    const { clients } = await adviceOn([line("customer", "HEAD", "/orders", "read:orders")]);
    expect(clients[0].kept.sets).toEqual([[`${API}/read:orders`]]);
  });
});

describe("a route with rules for messages", () => {
  const mcp = {
    methods: { initialize: { authenticated: true } },
    tools: { get_order: { scopes: ["read:orders"] }, "delete_*": { scopes: ["write:orders"] } },
  };
  const routes = [{ path: "/mcp", upstream: "orders", mcp }];
  const call = (members: Readonly<Record<string, unknown>>) => line("admin", "POST", "/mcp", ALL, members);
  const changes = {
    routes,
    publicUrl: "https://api.example",
    issuers: { cognito: { ...cognito, audiences: ["https://api.example/mcp"] } },
  };

  it.each([
    {
      name: "the tool that was called",
      members: { mcp_method: "tools/call", mcp_name: "get_order" },
      kept: ["read:orders"],
    },
    {
      name: "the tools with its prefix",
      members: { mcp_method: "tools/call", mcp_name: "delete_order" },
      kept: ["write:orders"],
    },
    { name: "a method", members: { mcp_method: "initialize" }, kept: [] },
    { name: "all scopes of a token whose message is not told", members: {}, kept: ALL.split(" ") },
    {
      name: "all scopes of a token where the name was cut",
      members: { mcp_method: "tools/call", mcp_name: "get..." },
      kept: ALL.split(" "),
    },
  ])("needs what decides $name", async ({ members, kept }) => {
    const { exitCode, stdout, stderr } = await worldOf([call(members)], changes).run("--json", "--patch");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout).clients[0].kept.sets).toEqual([kept.map((name) => `${API}/${name}`)]);
  });

  it("needs nothing of a message that the policy does not list", async () => {
    const { stdout } = await worldOf([call({ mcp_method: "tools/call", mcp_name: "other" })], changes).run("--json");
    expect(JSON.parse(stdout).clients).toMatchObject([{ unknownRoutes: 1, kept: { sets: [[]] } }]);
  });
});

describe("--patch", () => {
  it("removes what was never needed, and leaves the rest of the file as it is", async () => {
    const { run, policy } = worldOf();
    const before = readFileSync(policy, "utf8");
    const { exitCode, stdout, stderr } = await run("--patch");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(
      `${policy}: written. The change only closes, and every permitted call of the log stays permitted.\n`,
    );
    expect(stdout).toContain("  admin keeps read:products, write:products; removed: read:orders, write:orders\n");
    expect(readFileSync(policy, "utf8")).toBe(before.replace(/,\s*"read:orders",\s*"write:orders"/, ""));
  });

  it("finds nothing to do the second time", async () => {
    const { run, policy } = worldOf();
    await run("--patch");
    const before = readFileSync(policy, "utf8");
    const { exitCode, stdout } = await run("--patch");
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("nothing to tighten, so nothing was written.")]);
    expect(readFileSync(policy, "utf8")).toBe(before);
  });

  it("says which of several sets it chose, and why", async () => {
    const routes = [{ path: "/orders", methods: ["GET"], scopes: ["write:orders", "read:orders"], upstream: "orders" }];
    const { run } = worldOf([line("admin", "GET", "/orders", ALL)], { routes });
    const { stdout } = await run("--patch");
    expect(stdout).toContain("  needs         read:orders, or write:orders\n");
    expect(stdout).toContain(
      "  admin keeps read:orders; removed: read:products, write:products, write:orders\n    Other sets are as small.",
    );
  });

  it.each([
    { name: "a client that is not in the log", lines: [line("customer", "GET", "/orders", ALL)] },
    { name: "a client that was only refused", lines: [line("admin", "GET", "/orders", "", REFUSED)] },
    {
      name: "a client of which a line lacks what its token granted",
      lines: [line("admin", "GET", "/orders", ALL), line("admin", "POST", "/orders", "", { granted: undefined })],
    },
    { name: "a client whose calls this policy refuses", lines: [line("admin", "GET", "/orders", "")] },
  ])("leaves $name as it is", async ({ lines }) => {
    const { run, policy } = worldOf(lines);
    await run("--patch");
    expect(JSON.parse(readFileSync(policy, "utf8")).clients.admin).toEqual(exampleFile().clients.admin);
  });

  it("tells in JSON what it wrote", async () => {
    expect((await adviceOn(LINES, "--patch")).patch).toEqual({
      isWritten: true,
      clients: [
        {
          client: "admin",
          kept: [`${API}/read:products`, `${API}/write:products`],
          removed: [`${API}/read:orders`, `${API}/write:orders`],
          isChoice: false,
        },
      ],
      why: [],
    });
  });

  it("writes nothing that check finds an error in, and says so with exit code 1", async () => {
    const guarantees = [{ name: "No orders", methods: ["GET"], paths: ["/orders"], never: true }];
    const { run, policy } = worldOf(LINES, { guarantees });
    const before = readFileSync(policy, "utf8");
    const { exitCode, stdout } = await run("--patch");
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringContaining(`${policy}: nothing was written.\n  The policy would have errors`),
    ]);
    expect(readFileSync(policy, "utf8")).toBe(before);
  });
});

describe("a wrong call", () => {
  it("of a log without decisions is exit code 2", async () => {
    const { run, log } = worldOf([{ event: "keys" }]);
    expect(await run()).toEqual({ exitCode: 2, stdout: "", stderr: `${log}: There is no decision line in the log.\n` });
  });

  it("that would write a policy of a commit is exit code 2", async () => {
    const { exitCode, stderr } = await scopegate("advise", "--log", "x", "--policy", "git:HEAD", "--patch");
    expect([exitCode, stderr]).toEqual([2, "The policy of a commit cannot be changed. Name a file with --policy.\n"]);
  });

  it.each([
    {
      name: "last day of a report, on which it breaks a guarantee",
      on: "2027-01-31",
      exitCode: 1,
      says: "nothing was written",
    },
    { name: "day after, on which the route enforces", on: "2027-02-01", exitCode: 0, says: "routes.json: written." },
  ])("judges the policy as it is on the $name", async ({ on, exitCode, says }) => {
    const route = { path: "/orders", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" };
    const { run } = worldOf([line("customer", "GET", "/orders", "read:products read:orders")], {
      routes: [{ ...route, report: { until: "2027-01-31" } }],
      guarantees: [{ under: ["/orders"], requires: ["read:orders"] }],
    });
    const patched = await run("--patch", "--on", on);
    expect(patched).toMatchObject({ exitCode, stdout: expect.stringContaining(says) });
  });

  it.each([
    {
      name: "a day without --patch",
      args: ["--on", "2027-02-01"],
      says: "--on needs --patch: only the patch depends on a day.",
    },
    {
      name: "no day",
      args: ["--patch", "--on", "2027-02-30"],
      says: "--on 2027-02-30: This is not a day of the calendar.",
    },
  ])("$name is exit code 2", async ({ args, says }) => {
    const { exitCode, stderr } = await worldOf().run(...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(says)]);
  });

  it("that would write what stdin says is exit code 2", async () => {
    const { exitCode, stderr } = await scopegate("advise", "--log", "-", "--policy", "routes.json", "--patch");
    expect([exitCode, stderr]).toEqual([2, "--patch reads the log twice, so --log must be a file.\n"]);
  });

  it("says what is missing", async () => {
    const { exitCode, stderr } = await scopegate("advise");
    expect([exitCode, stderr]).toEqual([2, "scopegate advise: --log is missing. See --help.\n"]);
  });
});

it("reads a log that is compressed, with other lines in between", async () => {
  const { folder, policy } = worldOf();
  const log = folder.write("empty.gz", "");
  writeFileSync(log, gzipSync(`Unknown Event\n${logOf(LINES)}{"event":"decision","cut`));
  const { stdout } = await scopegate("advise", "--log", log, "--policy", policy);
  expect(stdout).toContain(": 6 decisions, from");
  expect(stdout).toContain("  1 line cut off, malformed, too long or too new: the advice lacks what they say.\n");
  expect(stdout).toContain("  Lines that are not decisions were passed over.\n");
});
