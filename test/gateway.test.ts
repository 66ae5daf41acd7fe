import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createGateway } from "../src/gateway.ts";
import { compilePolicy } from "../src/policy/compile/compile-policy.ts";
import type { Route, ServedPolicy } from "../src/policy/policy.ts";
import { RouteTable } from "../src/policy/routing/route-table.ts";
import { createAuthenticator } from "../src/token/authenticate.ts";
import { limitPauses } from "../src/upstream/limit-pauses.ts";
import { createOwnHeaders } from "../src/upstream/own-headers.ts";
import { FakeKeyStore, keySetOf } from "./support/keys/fake-key-store.ts";
import { API, ISSUER_URL } from "./support/policy/example-policy.ts";
import { claimsOf, createSigner, NOW_MS, type Signer, signToken } from "./support/token/tokens.ts";

const GATEWAY = "https://gw.example";
const SHOP = "https://shop.example";
const FILE = {
  issuers: { main: { issuer: ISSUER_URL, profile: "cognito", algorithms: ["ES256"] } },
  resourceServers: {
    [API]: { scopes: { "read:orders": "", "write:orders": { description: "", implies: ["read:orders"] }, other: "" } },
  },
  upstreams: {
    orders: { url: "https://orders.internal/v1" },
    trusting: { url: "https://trusting.internal", forwardAuthorization: true, allowPathParameters: true },
  },
  routes: [
    { path: "/orders", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" },
    { path: "/orders", methods: ["POST"], scopes: { allOf: ["write:orders", "other"] }, upstream: "orders" },
    { path: "/orders/:id", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" },
    { path: "/status", methods: ["GET"], public: true, upstream: "orders" },
    { path: "/me", methods: ["GET", "OPTIONS"], authenticated: true, upstream: "trusting" },
    { path: "/feed", methods: ["GET"], optional: true, upstream: "trusting" },
  ],
};

let signer: Signer;
let keys: FakeKeyStore;
/** What reached an upstream. */
let forwarded: Request[];
let log: Record<string, unknown>[];
let decisions: unknown[];
let upstream: () => Promise<Response>;

beforeAll(async () => {
  signer = await createSigner("ES256");
});

beforeEach(() => {
  keys = new FakeKeyStore(keySetOf(signer.key));
  forwarded = [];
  log = [];
  decisions = [];
  upstream = async () => new Response("served");
});

/** Sends a request through a gateway made of `FILE` and the changes. */
function send(
  target: string,
  init: RequestInit = {},
  changes: Readonly<Record<string, unknown>> = {},
): Promise<Response> {
  const compiled = compilePolicy({ ...FILE, ...changes }, {});
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.failure));
  return sendBy(compiled.value, target, init);
}

function sendBy(policy: ServedPolicy, target: string, init: RequestInit, origin = GATEWAY): Promise<Response> {
  const serve = createGateway({
    policy,
    log: (line) => log.push(line as Record<string, unknown>),
    onDecision: ({ path, route }, denial) => decisions.push([path, route?.index, denial?.reason]),
    version: "version-1",
    now: () => NOW_MS,
    authenticate: createAuthenticator({ policy, keys, now: () => NOW_MS }),
    serveEndpoint: (exchange, path) => exchange.answer(new Response(`own ${path}`)),
    fetcherOf: () => async (input, options) => {
      forwarded.push(new Request(input, options));
      return upstream();
    },
    setOwnHeaders: createOwnHeaders({}, { now: () => NOW_MS, sleep: () => new Promise(() => {}) }),
    limitPauses,
  });
  return serve(new Request(origin + target, init), () => {});
}

/** A request's headers with a token that holds these scopes. */
async function bearing(...scopes: readonly string[]): Promise<{ authorization: string }> {
  const scope = scopes.map((name) => `${API}/${name}`).join(" ");
  return { authorization: `Bearer ${await signToken(signer, claimsOf({ scope }))}` };
}

it.each([
  { name: "a requirement of a kind that there is not", requirement: { kind: "trusted" } },
  { name: "a requirement without its expression", requirement: { kind: "scopes" } },
])("a damaged policy permits nothing: $name", async ({ requirement }) => {
  const compiled = compilePolicy(FILE, {});
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.failure));
  const routes = compiled.value.routes.map((route) => ({ ...route, requirement }) as Route);
  const paths = routes.map(({ path }) => path);
  const policy = { ...compiled.value, table: new RouteTable(paths, (index) => routes[index]) };
  const response = await sendBy(policy, "/orders", { headers: await bearing("read:orders", "write:orders") });
  expect(response.status).toBe(500);
  expect(forwarded).toEqual([]);
});

describe("the gateway lets through", () => {
  it("a request whose token grants what the route requires, with its claims and without the token", async () => {
    const headers = { ...(await bearing("read:orders")), "x-auth-subject": "root", "x-request-id": "request-1" };
    const response = await send("/orders?page=2", { headers });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("served");
    expect(response.headers.get("x-request-id")).toBe("request-1");
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(forwarded.map(({ url }) => url)).toEqual(["https://orders.internal/v1/orders?page=2"]);
    expect(Object.fromEntries(forwarded[0]?.headers ?? [])).toEqual({
      traceparent: expect.stringMatching(/^00-/),
      via: "1.1 scopegate",
      "x-auth-client-id": "admin",
      "x-auth-issuer": ISSUER_URL,
      "x-auth-scopes": `${API}/read:orders`,
      "x-auth-subject": "user-1",
      "x-auth-token-id": "token-1",
      "x-forwarded-host": "gw.example",
      "x-forwarded-proto": "https",
      "x-request-id": "request-1",
    });
  });

  it("what an implied scope permits, and HEAD where there is GET", async () => {
    const headers = await bearing("write:orders");
    expect((await send("/orders/1", { method: "HEAD", headers })).status).toBe(200);
    expect(forwarded[0]?.method).toBe("HEAD");
    expect(forwarded[0]?.headers.get("x-auth-scopes")).toBe(`${API}/write:orders`);
  });

  it("anybody on a public route, without reading what they send or vouching for them", async () => {
    const headers = { authorization: "Bearer a, Bearer b", "x-auth-subject": "root", X_Auth_Scopes: "all" };
    const response = await send("/status", { headers });
    expect(response.status).toBe(200);
    expect(response.headers.has("cache-control")).toBe(false);
    expect(keys.asked).toEqual([]);
    expect(Object.keys(Object.fromEntries(forwarded[0]?.headers ?? [])).filter((name) => /auth/.test(name))).toEqual(
      [],
    );
  });

  it("any valid token where the route says so, and passes it on where the upstream may have it", async () => {
    const headers = await bearing();
    expect((await send("/me", { headers })).status).toBe(200);
    expect(forwarded[0]?.headers.get("authorization")).toBe(headers.authorization);
    expect(forwarded[0]?.headers.has("x-auth-scopes")).toBe(false);
  });

  it("a path with its trailing slash, and passes it on so", async () => {
    const routes = ["/stock/", "/stock/:id/", "/files/*"].map((path) => ({ ...FILE.routes[0], path }));
    for (const path of ["/stock/", "/stock/7/", "/files/a/"]) {
      const response = await send(path, { headers: await bearing("read:orders") }, { routes });
      expect([path, response.status]).toEqual([path, 200]);
    }
    expect(forwarded.map(({ url }) => new URL(url).pathname)).toEqual(["/v1/stock/", "/v1/stock/7/", "/v1/files/a/"]);
  });

  it("the canonical spelling of a path", async () => {
    await send("/%6frders/%7e1%2c", { headers: await bearing("read:orders") });
    expect(forwarded.map(({ url }) => url)).toEqual(["https://orders.internal/v1/orders/~1%2C"]);
  });

  it("an error of the upstream as it is", async () => {
    upstream = async () => new Response("broken", { status: 500 });
    const response = await send("/orders", { headers: await bearing("read:orders") });
    expect(response.status).toBe(500);
    expect(await response.text()).toBe("broken");
    expect(log).toMatchObject([{ decision: "allow", status: 500, upstream_status: 500 }]);
  });
});

describe("the gateway's own origin", () => {
  const changes = { upstreams: { ...FILE.upstreams, orders: { service: "ORDERS" } } };
  it.each([
    { name: "that of the request", publicUrl: undefined, expected: `${GATEWAY}/orders?a` },
    { name: "that of the policy", publicUrl: "https://api.example", expected: "https://api.example/orders?a" },
  ])("is what a service binding gets: $name", async ({ publicUrl, expected }) => {
    const headers = { ...(await bearing("read:orders")), "x-forwarded-host": "evil.example" };
    await send("/orders?a", { headers }, { ...changes, ...(publicUrl !== undefined && { publicUrl }) });
    expect(forwarded.map(({ url }) => url)).toEqual([expected]);
    expect(forwarded[0]?.headers.get("x-forwarded-host")).toBe("gw.example");
  });
});

describe("a Host header", () => {
  it.each([
    { host: "gw.example", expected: 200 },
    { host: "gw.example:8443", expected: 200 },
    { host: "gw.example/status?", expected: 400 },
    { host: "gw.example:x", expected: 400 },
    { host: "", expected: 400 },
  ])("must be a host name with an optional port: $host", async ({ host, expected }) => {
    const response = await send("/status", { headers: { host } });
    expect(response.status).toBe(expected);
    expect(forwarded).toHaveLength(expected === 200 ? 1 : 0);
    if (expected === 400) expect(log).toMatchObject([{ decision: "deny", reason: "path-ambiguous" }]);
  });
});

describe("a policy with hosts", () => {
  const HOSTS = { hosts: ["gw.example", "localhost"] };
  const other = (target: string, init: RequestInit = {}, changes = HOSTS) => {
    const compiled = compilePolicy({ ...FILE, ...changes }, {});
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.failure));
    return sendBy(compiled.value, "", init, target);
  };

  it.each([
    { name: "a route", target: "/orders" },
    { name: "a public route", target: "/status" },
    { name: "a path without a route", target: "/nowhere" },
    { name: "health", target: "/_gateway/health" },
    { name: "readiness", target: "/_gateway/ready" },
    { name: "metadata", target: "/.well-known/oauth-protected-resource" },
  ])("refuses requests for other hosts: $name", async ({ target }) => {
    const headers = await bearing("read:orders");
    for (const method of ["GET", "HEAD", "POST", "OPTIONS", "PURGE"]) {
      const response = await other(`https://evil.example${target}`, { method, headers });
      expect([method, response.status]).toEqual([method, 421]);
      expect(response.headers.has("www-authenticate")).toBe(false);
      expect(response.headers.get("cache-control")).toBe("no-store");
    }
    expect(forwarded).toEqual([]);
    expect(keys.asked).toEqual([]);
    for (const line of log) {
      expect(line).toMatchObject({
        decision: "deny",
        reason: "host-unknown",
        status: 421,
        detail: "The host `evil.example` is not one of the policy's `hosts`.",
        route: undefined,
      });
    }
  });

  it("refuses a preflight for another host", async () => {
    const headers = { origin: "https://shop.example", "access-control-request-method": "GET" };
    const changes = { ...HOSTS, cors: { origins: ["https://shop.example"] } };
    const response = await other("https://evil.example/orders", { method: "OPTIONS", headers }, changes);
    expect([response.status, response.headers.has("access-control-allow-methods")]).toEqual([421, false]);
  });

  it.each([
    { target: "https://gw.example/status", expected: 200 },
    { target: "https://gw.example:8443/status", expected: 200 },
    { target: "https://GW.example/status", expected: 200 },
    { target: "http://127.0.0.1:8787/status", expected: 200 },
    { target: "https://gw.example./status", expected: 421 },
    { target: "https://gw.example/status", host: "GW.example:8443", expected: 200 },
    { target: "https://gw.example/status", host: "gw.example.", expected: 421 },
    { target: "https://gw.example/status", host: "evil.example", expected: 421 },
    { target: "https://evil.example/status", host: "gw.example", expected: 421 },
    { target: "https://gw.example/status", host: "localhost", expected: 421 },
    { target: "https://gw.example/status", host: "gw.example/x", expected: 400 },
    { target: "https://evil.example//status", expected: 400 },
  ])("goes by URL and header: $target, Host: $host", async ({ target, host, expected }) => {
    const response = await other(target, { headers: host === undefined ? {} : { host } });
    expect(response.status).toBe(expected);
    expect(forwarded).toHaveLength(expected === 200 ? 1 : 0);
  });
});

describe("a policy without hosts", () => {
  it("does not look at the host: any URL is served, and any header", async () => {
    const headers = { host: "elsewhere.example" };
    expect((await send("/status", { headers })).status).toBe(200);
    expect(forwarded).toHaveLength(1);
  });
});

describe("an upstream that is trusted with the token", () => {
  const routes = [...FILE.routes, { path: "/trusting-status", methods: ["GET"], public: true, upstream: "trusting" }];

  it("gets none on a public route, where nothing verified it", async () => {
    const headers = await bearing("read:orders");
    expect((await send("/trusting-status", { headers }, { routes })).status).toBe(200);
    expect(forwarded.map((request) => request.headers.has("authorization"))).toEqual([false]);
  });
});

describe("an upstream that takes a header name with other characters", () => {
  const changes = {
    cors: { origins: [SHOP] },
    upstreams: { ...FILE.upstreams, trusting: { url: "https://trusting.internal", allowHeaderNames: ["x_legacy"] } },
  };

  it.each([
    { path: "/me", expected: "1" },
    { path: "/status", expected: null },
  ])("gets it, and no other upstream does: $path", async ({ path, expected }) => {
    const headers = { ...(await bearing("read:orders")), x_legacy: "1", x_other: "1", SCRIPT_NAME: "/me" };
    await send(path, { headers }, changes);
    expect(forwarded.map((request) => request.headers.get("x_legacy"))).toEqual([expected]);
    for (const name of ["x_other", "script_name"]) expect(forwarded[0]?.headers.has(name)).toBe(false);
  });

  it.each([
    { path: "/me", expected: "x_legacy" },
    { path: "/status", expected: null },
  ])("lets pages of other origins send it: $path", async ({ path, expected }) => {
    const headers = {
      origin: SHOP,
      "access-control-request-method": "GET",
      "access-control-request-headers": "x_legacy,x_other",
    };
    const response = await send(path, { method: "OPTIONS", headers }, changes);
    expect(response.headers.get("access-control-allow-headers")).toBe(expected);
    expect(forwarded).toEqual([]);
  });
});

describe("the gateway counts how often an OPTIONS may be forwarded", () => {
  it("and forwards it with one less", async () => {
    const response = await send("/me", { method: "OPTIONS", headers: { ...(await bearing()), "max-forwards": "3" } });
    expect(response.status).toBe(200);
    expect(forwarded.map(({ headers }) => headers.get("max-forwards"))).toEqual(["2"]);
  });

  it("and answers the last one itself, without asking the upstream", async () => {
    const response = await send("/me", { method: "OPTIONS", headers: { ...(await bearing()), "max-forwards": "0" } });
    expect(response.status).toBe(204);
    expect(response.headers.get("allow")).toContain("OPTIONS");
    expect(forwarded).toEqual([]);
    expect(log).toMatchObject([{ decision: "allow", status: 204, upstream_status: undefined }]);
  });

  it("and still asks for a token first", async () => {
    expect((await send("/me", { method: "OPTIONS", headers: { "max-forwards": "0" } })).status).toBe(401);
    expect(forwarded).toEqual([]);
  });
});

describe("the gateway refuses, and asks no upstream", () => {
  const cases: {
    name: string;
    target: string;
    init?: RequestInit;
    scopes?: string[];
    status: number;
    reason: string;
  }[] = [
    { name: "no credentials", target: "/orders", status: 401, reason: "credentials-missing" },
    {
      name: "malformed credentials",
      target: "/orders",
      init: { headers: { authorization: "Bearer a,b" } },
      status: 400,
      reason: "credentials-malformed",
    },
    {
      name: "a malformed token",
      target: "/me",
      init: { headers: { authorization: "Bearer a.b.c" } },
      status: 401,
      reason: "token-malformed",
    },
    { name: "a token in the query", target: "/orders?access_token=x", status: 401, reason: "credentials-missing" },
    {
      name: "a token without the scope",
      target: "/orders",
      scopes: ["other"],
      status: 403,
      reason: "scope-insufficient",
    },
    {
      name: "a token with one of two scopes",
      target: "/orders",
      init: { method: "POST" },
      scopes: ["write:orders"],
      status: 403,
      reason: "scope-insufficient",
    },
    { name: "an unknown path", target: "/unknown", status: 404, reason: "route-unknown" },
    {
      name: "a slash behind a path",
      target: "/orders/",
      scopes: ["read:orders"],
      status: 404,
      reason: "route-unknown",
    },
    { name: "another case", target: "/Orders", scopes: ["read:orders"], status: 404, reason: "route-unknown" },
    {
      name: "another method",
      target: "/orders",
      init: { method: "DELETE" },
      scopes: ["read:orders"],
      status: 405,
      reason: "method-not-allowed",
    },
    { name: "an encoded slash", target: "/orders%2F1", scopes: ["read:orders"], status: 400, reason: "path-ambiguous" },
    { name: "an empty segment", target: "//orders", scopes: ["read:orders"], status: 400, reason: "path-ambiguous" },
    { name: "path parameters", target: "/orders;a=b", scopes: ["read:orders"], status: 400, reason: "path-ambiguous" },
    { name: "path parameters where there is no route", target: "/nowhere;a", status: 400, reason: "path-ambiguous" },
    {
      name: "path parameters where there is no route with the method",
      target: "/orders;a",
      init: { method: "DELETE" },
      status: 400,
      reason: "path-ambiguous",
    },
    { name: "path parameters without a token", target: "/orders;a", status: 400, reason: "path-ambiguous" },
    { name: "a path that is too long", target: `/${"a".repeat(8 * 1024)}`, status: 414, reason: "path-too-long" },
  ];

  it.each(cases)("$name", async ({ target, init = {}, scopes, status, reason }) => {
    const headers = scopes === undefined ? init.headers : await bearing(...scopes);
    const response = await send(target, { ...init, ...(headers !== undefined && { headers }) });
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ type: `https://scopegate.dev/problems/${reason}`, status });
    expect(forwarded).toEqual([]);
    expect(log).toMatchObject([{ event: "decision", decision: "deny", reason, status }]);
  });

  describe("where an upstream takes encoded slashes", () => {
    const upstreams = {
      ...FILE.upstreams,
      packages: { url: "https://packages.internal", allowEncodedSlash: true },
    };
    const to = (path: string, upstream = "packages") => ({ ...FILE.routes[0], path, upstream });
    const routes = [
      to("/packages/:name"),
      to("/packages/:name/:version"),
      to("/packages/@own/:version", "orders"),
      to("/files/*"),
      to("/:any/secret"),
      ...FILE.routes,
    ];

    it.each([
      { target: "/packages/@own%2Fname", route: 0 },
      { target: "/packages/%40own%2fname/1.0", route: 1 },
      { target: "/packages/a/feature%2Fb%2Fc", route: 1 },
      { target: "/files/a%2Fb/c", route: 3 },
      { target: "/files/a/b%2Fc/", route: 3 },
      { target: "/packages%2Fa/secret", route: 4 },
    ])("a segment of a parameter or wildcard may have one: $target", async ({ target, route }) => {
      const response = await send(target, { headers: await bearing("read:orders") }, { upstreams, routes });
      expect(response.status).toBe(200);
      const path = target.replace("%2f", "%2F");
      expect(forwarded.map(({ url }) => url)).toEqual([`https://packages.internal${path}`]);
      expect(decisions).toEqual([[path, route, undefined]]);
    });

    it.each([
      { name: "another upstream", target: "/orders/1%2F2" },
      { name: "another upstream beside a looser route", target: "/packages/@own/1%2F2" },
      { name: "another method", target: "/packages/a%2Fb", method: "DELETE" },
      { name: "a path without a route", target: "/nowhere/a%2Fb" },
      { name: "a literal in two segments", target: "/packages/@own%2F1.0/x/y" },
      { name: "a literal", target: "/packages%2Fa" },
      { name: "the edge of a segment", target: "/packages/a%2F" },
      { name: "a doubled one", target: "/packages/a%2F%2Fb" },
      { name: "dots beside one", target: "/packages/a%2F..%2Fb" },
      { name: "path parameters", target: "/packages/a;v=1%2Fb" },
      { name: "path parameters after one", target: "/packages/a%2Fb;v=1" },
      { name: "the gateway's own paths", target: "/_gateway/a%2Fb" },
      { name: "the gateway's own paths, for a looser route", target: "/_gateway/a%2Fb/secret" },
      { name: "the metadata", target: "/.well-known/oauth-protected-resource%2Fx" },
    ])("but not $name", async ({ target, method = "GET" }) => {
      const init = { method, headers: await bearing("read:orders") };
      const response = await send(target, init, { upstreams, routes });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ type: "https://scopegate.dev/problems/path-ambiguous" });
      expect(forwarded).toEqual([]);
    });

    it("and nobody without a token gets one through", async () => {
      expect((await send("/packages/a%2Fb", {}, { upstreams, routes })).status).toBe(401);
      expect(forwarded).toEqual([]);
    });

    it("and the log tells why it is refused", async () => {
      await send("/orders/1%2F2", {}, { upstreams, routes });
      expect(log).toMatchObject([{ reason: "path-ambiguous", detail: "The upstream takes no encoded slash (`%2F`)." }]);
      expect(forwarded).toEqual([]);
    });
  });

  it.each(["/stock", "/stock/7", "/stock/7/x/", "/stock/%2F", "/stock/;x", "/files/", "/stock//"])(
    "and tells paths apart by their trailing slash: %s",
    async (path) => {
      const routes = ["/stock/", "/stock/:id/", "/files/*"].map((it) => ({ ...FILE.routes[0], path: it }));
      const response = await send(path, { headers: await bearing("read:orders") }, { routes });
      expect([400, 404]).toContain(response.status);
      expect(forwarded).toEqual([]);
    },
  );

  it("and HEAD by the requirement of its own route, if it has one", async () => {
    const shared = { path: "/orders", upstream: "orders" };
    const routes = [
      { ...shared, methods: ["GET"], public: true },
      { ...shared, methods: ["HEAD"], scopes: ["other"] },
    ];
    expect((await send("/orders", {}, { routes })).status).toBe(200);
    forwarded = [];
    expect((await send("/orders", { method: "HEAD" }, { routes })).status).toBe(401);
    expect((await send("/orders", { method: "HEAD", headers: await bearing("write:orders") }, { routes })).status).toBe(
      403,
    );
    expect(forwarded).toEqual([]);
  });

  it("and says which methods there are", async () => {
    const response = await send("/orders", { method: "DELETE" });
    expect(response.headers.get("allow")).toBe("GET, HEAD, POST");
    expect(response.headers.has("www-authenticate")).toBe(false);
  });

  it("and says which scopes were required and granted", async () => {
    const response = await send("/orders", { method: "POST", headers: await bearing("write:orders") });
    expect(await response.json()).toMatchObject({
      required: [`${API}/write:orders`, `${API}/other`],
      granted: [`${API}/write:orders`],
    });
    expect(response.headers.get("www-authenticate")).toContain(`scope="${API}/write:orders ${API}/other"`);
  });

  describe("and names in a challenge only as many scopes as clients take in a header", () => {
    const names = Array.from({ length: 1_000 }, (_, at) => `read:collection-${at}`);
    const many = {
      resourceServers: { [API]: { scopes: { ...Object.fromEntries(names.map((name) => [name, ""])), none: "" } } },
      routes: [{ path: "/orders", methods: ["GET"], scopes: names, upstream: "orders" }],
    };

    it.each([
      { name: "without a token", status: 401, bear: async () => ({}) },
      { name: "with too few scopes", status: 403, bear: () => bearing("none") },
    ])("$name", async ({ status, bear }) => {
      const response = await send("/orders", { headers: await bear() }, many);
      const [, scope = ""] = / scope="([^"]*)"/.exec(response.headers.get("www-authenticate") ?? "") ?? [];
      expect(response.status).toBe(status);
      expect(scope.length).toBeGreaterThan(7_900);
      expect(scope.length).toBeLessThanOrEqual(8_000);
      expect(
        names
          .map((name) => `${API}/${name}`)
          .join(" ")
          .startsWith(`${scope} `),
      ).toBe(true);
      expect(response.headers.get("www-authenticate")).toMatch(/", resource_metadata="[^"]+"$/);
      expect(forwarded).toEqual([]);
    });

    it("and all of them in the body of a 403", async () => {
      const response = await send("/orders", { headers: await bearing("none") }, many);
      expect(await response.json()).toMatchObject({ required: names.map((name) => `${API}/${name}`) });
      expect(forwarded).toEqual([]);
    });
  });

  it.each([
    { name: "that of the request", changes: {}, expected: GATEWAY },
    { name: "that of the policy", changes: { publicUrl: "https://api.example" }, expected: "https://api.example" },
  ])("and names its metadata at its own origin, $name, never a forwarded one", async ({ changes, expected }) => {
    const headers = { "x-forwarded-host": "evil.example", forwarded: "host=evil.example" };
    const response = await send("/orders", { headers }, changes);
    expect(response.headers.get("www-authenticate")).toContain(
      `resource_metadata="${expected}/.well-known/oauth-protected-resource"`,
    );
  });
});

describe("the gateway keeps to itself", () => {
  it("the token and what an unverified one says", async () => {
    const stranger = await createSigner("ES256");
    const token = await signToken(stranger, claimsOf({ sub: "unverified-subject", client_id: "unverified-client" }));
    const response = await send("/orders", { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(401);
    const everything = JSON.stringify([...response.headers]) + (await response.text()) + JSON.stringify(log);
    for (const secret of ["unverified-", ...token.split(".")]) expect(everything).not.toContain(secret);
  });

  it("where an upstream is that cannot be reached", async () => {
    upstream = () => Promise.reject(new TypeError("orders.internal refused the connection"));
    const response = await send("/orders", { headers: await bearing("read:orders") });
    expect(response.status).toBe(502);
    expect(JSON.stringify([...response.headers]) + (await response.text())).not.toContain("internal");
    expect(log).toMatchObject([{ reason: "upstream-unreachable", detail: "orders.internal refused the connection" }]);
  });
});

describe("the decision log", () => {
  it("has one line for a request that was let through", async () => {
    await send("/orders/1234", { headers: { ...(await bearing("read:orders")), "x-request-id": "request-1" } });
    expect(log).toEqual([
      {
        event: "decision",
        time: new Date(NOW_MS).toISOString(),
        request_id: "request-1",
        method: "GET",
        route: "/orders/:id",
        decision: "allow",
        reason: undefined,
        detail: undefined,
        status: 200,
        issuer: ISSUER_URL,
        client_id: "admin",
        subject: "user-1",
        audience: ["api"],
        required: [`${API}/read:orders`],
        granted: [`${API}/read:orders`],
        upstream: "orders",
        upstream_status: 200,
        duration_ms: 0,
        upstream_ms: 0,
        key_source: "memory",
        token_cache: "miss",
        version: "version-1",
      },
    ]);
  });

  it("says who was refused for want of a scope", async () => {
    await send("/orders", { headers: await bearing("other") });
    expect(log).toMatchObject([{ decision: "deny", subject: "user-1", client_id: "admin", granted: [`${API}/other`] }]);
  });

  it("never holds the token", async () => {
    const headers = await bearing("read:orders");
    await send("/orders", { headers });
    await send("/orders", { headers, method: "POST" });
    expect(log).toHaveLength(2);
    for (const part of headers.authorization.slice("Bearer ".length).split(".")) {
      expect(JSON.stringify(log)).not.toContain(part);
    }
  });
});

describe("the gateway's own paths", () => {
  it.each(["/_gateway/health", "/_gateway/unknown", "/.well-known/oauth-protected-resource/x"])(
    "never reach an upstream: %s",
    async (path) => {
      expect(await (await send(path)).text()).toBe(`own ${path}`);
      expect(forwarded).toEqual([]);
    },
  );

  it("are known in their canonical spelling", async () => {
    expect(await (await send("/%5Fgateway/health")).text()).toBe("own /_gateway/health");
  });
});

describe("the gateway with cors", () => {
  const cors = { origins: [SHOP], maxAgeSeconds: 60 };
  const asking = {
    origin: SHOP,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization",
  };

  it("answers a preflight itself, completely, without a token", async () => {
    const response = await send("/orders", { method: "OPTIONS", headers: asking }, { cors });
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "access-control-allow-origin": SHOP,
      "access-control-allow-methods": "GET, HEAD, POST",
      "access-control-allow-headers": "authorization",
      "access-control-max-age": "60",
      vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
    });
    expect(forwarded).toEqual([]);
    expect(log).toHaveLength(1);
  });

  it("answers a preflight where the route has OPTIONS of its own", async () => {
    const response = await send("/me", { method: "OPTIONS", headers: asking }, { cors });
    expect(response.status).toBe(204);
    expect(forwarded).toEqual([]);
  });

  it("takes other OPTIONS for what they are", async () => {
    expect((await send("/me", { method: "OPTIONS", headers: { origin: SHOP } }, { cors })).status).toBe(401);
    expect((await send("/orders", { method: "OPTIONS" }, { cors })).status).toBe(405);
  });

  it("takes a preflight for any OPTIONS where there is no cors", async () => {
    expect((await send("/orders", { method: "OPTIONS", headers: asking })).status).toBe(405);
  });

  it("lets a page read a refusal", async () => {
    const response = await send("/orders", { headers: { origin: SHOP } }, { cors });
    expect(response.status).toBe(401);
    expect(response.headers.get("access-control-allow-origin")).toBe(SHOP);
    expect(response.headers.get("access-control-expose-headers")).toContain("www-authenticate");
  });

  it("replaces what the upstream says", async () => {
    upstream = async () => new Response("x", { headers: { "access-control-allow-origin": "*" } });
    const response = await send("/status", { headers: { origin: "https://evil.example" } }, { cors });
    expect(response.headers.has("access-control-allow-origin")).toBe(false);
  });

  it("leaves what the upstream says where there is no cors", async () => {
    upstream = async () => new Response("x", { headers: { "access-control-allow-origin": "*" } });
    const response = await send("/status", { headers: { origin: "https://evil.example" } });
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
  });
});

describe("onDecision hears of", () => {
  it.each([
    { name: "a request that is let through", target: "/status", expected: ["/status", 3, undefined] },
    { name: "a refusal", target: "/%6frders", expected: ["/orders", 0, "credentials-missing"] },
    {
      name: "a refusal before there is a path",
      target: "//orders",
      expected: [undefined, undefined, "path-ambiguous"],
    },
    {
      name: "a refusal before there is a route",
      target: "/orders;a",
      expected: ["/orders;a", undefined, "path-ambiguous"],
    },
    { name: "an endpoint of the gateway", target: "/_gateway/x", expected: ["/_gateway/x", undefined, undefined] },
  ])("$name, once", async ({ target, expected }) => {
    await send(target);
    expect(decisions).toEqual([expected]);
  });
});

describe("a bug of the gateway", () => {
  it("is a 500 that says nothing of it, with a line in the log that does", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    upstream = async () => ({ status: 200, webSocket: null, headers: "no headers" }) as unknown as Response;
    const response = await send("/status");
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      type: "https://scopegate.dev/problems/internal-error",
      title: "Internal error",
      status: 500,
      detail: "The gateway failed to handle the request.",
      instance: response.headers.get("x-request-id"),
    });
    expect(log).toMatchObject([
      { event: "decision", decision: "error", reason: "internal-error", status: 500, route: "/status" },
    ]);
    expect(log[0]?.["detail"]).toMatch(/Error/);
    expect(logged).toHaveBeenCalledExactlyOnceWith({
      event: "error",
      v: 1,
      [Symbol.for("nodejs.util.inspect.custom")]: expect.any(Function),
      request_id: response.headers.get("x-request-id"),
      message: expect.any(String),
      stack: expect.any(String),
    });
    logged.mockRestore();
  });
});

describe("an optional route", () => {
  it("takes a request without a token like a public one, except that its answer varies by the token", async () => {
    const response = await send("/feed", { headers: { "x-auth-subject": "root", "proxy-authorization": "Bearer x" } });
    expect(response.status).toBe(200);
    expect(response.headers.get("vary")).toBe("Authorization");
    expect(response.headers.has("cache-control")).toBe(false);
    expect(forwarded.map(({ url }) => url)).toEqual(["https://trusting.internal/feed"]);
    const names = [...(forwarded[0]?.headers.keys() ?? [])];
    expect(names.filter((name) => name.startsWith("x-auth-") || name.includes("authorization"))).toEqual([]);
    expect(log).toMatchObject([{ decision: "allow", route: "/feed", status: 200 }]);
    expect(log[0]?.["issuer"]).toBeUndefined();
  });

  it("verifies a token that is sent, and hands its claims and the token on", async () => {
    const headers = await bearing("read:orders");
    const response = await send("/feed", { headers });
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(forwarded[0]?.headers.get("x-auth-subject")).toBe("user-1");
    expect(forwarded[0]?.headers.get("authorization")).toBe(headers.authorization);
    expect(log).toMatchObject([{ decision: "allow", issuer: ISSUER_URL, subject: "user-1" }]);
  });

  it.each([
    { name: "an empty header", authorization: "", reason: "credentials-missing", status: 401 },
    { name: "blanks", authorization: "   ", reason: "credentials-missing", status: 401 },
    { name: "another scheme", authorization: "Basic YTpi", reason: "credentials-missing", status: 401 },
    { name: "the scheme alone", authorization: "Bearer", reason: "credentials-malformed", status: 400 },
    { name: "two credentials", authorization: "Bearer a, Bearer b", reason: "credentials-malformed", status: 400 },
    { name: "no token", authorization: "Bearer a.b.c", reason: "token-malformed", status: 401 },
  ])("refuses $name as a route with a token does", async ({ authorization, reason, status }) => {
    for (const path of ["/feed", "/me"]) {
      const response = await send(path, { headers: { authorization } });
      expect(response.status).toBe(status);
      expect(response.headers.get("cache-control")).toBe("no-store");
    }
    expect(log.map((line) => line["reason"])).toEqual([reason, reason]);
    expect(forwarded).toEqual([]);
  });

  it.each([
    { name: "that has expired", claims: { exp: NOW_MS / 1000 - 6 }, reason: "token-expired" },
    { name: "of another issuer", claims: { iss: "https://else.example" }, reason: "issuer-unknown" },
  ])("refuses a token $name", async ({ claims, reason }) => {
    const authorization = `Bearer ${await signToken(signer, claimsOf(claims))}`;
    expect((await send("/feed", { headers: { authorization } })).status).toBe(401);
    expect(log).toMatchObject([{ reason }]);
    expect(forwarded).toEqual([]);
  });

  it("refuses a token whose signature is invalid", async () => {
    const other = await createSigner("ES256");
    const authorization = `Bearer ${await signToken(other, claimsOf({}))}`;
    expect((await send("/feed", { headers: { authorization } })).status).toBe(401);
    expect(forwarded).toEqual([]);
  });
});

describe("grants of an issuer", () => {
  const grants = { "cognito:groups": { staff: ["read:orders"], boss: ["*:orders", "other"] } };
  const granting = { issuers: { main: { ...FILE.issuers.main, grants } } };
  const holding = async (claims: Readonly<Record<string, unknown>>) => {
    const token = await signToken(signer, claimsOf({ scope: "openid", ...claims }));
    return { headers: { authorization: `Bearer ${token}` } };
  };

  it("open a route to a group, and upstream and log see the scopes", async () => {
    const response = await send("/orders", await holding({ "cognito:groups": ["x", "staff"] }), granting);
    expect(response.status).toBe(200);
    expect(forwarded[0]?.headers.get("x-auth-scopes")).toBe(`${API}/read:orders`);
    expect(log[0]).toMatchObject({ decision: "allow", granted: [`${API}/read:orders`] });
  });

  it.each([
    { name: "another group", claims: { "cognito:groups": ["Staff"] } },
    { name: "no group", claims: {} },
    { name: "a group that says no", claims: { "cognito:groups": { staff: false } } },
  ])("leave it closed to $name", async ({ claims }) => {
    const response = await send("/orders", await holding(claims), granting);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ required: [`${API}/read:orders`], granted: [] });
    expect(forwarded).toEqual([]);
  });

  it("are cut to the registration where clients must be registered", async () => {
    const issuers = { main: { ...granting.issuers.main, registeredClientsOnly: true } };
    const clients = { admin: { scopes: ["other"] } };
    const response = await send("/orders", await holding({ "cognito:groups": "boss" }), { issuers, clients });
    expect([response.status, forwarded]).toEqual([403, []]);
  });
});
