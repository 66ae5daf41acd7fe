// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the variables of the file under test.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import routesFile from "../../../examples/shop/routes.json" with { type: "json" };
import { compilePolicy } from "../../../src/policy/compile/compile-policy.ts";
import type { CompiledPolicy } from "../../../src/policy/compiled/compiled-policy.ts";
import { loadCompiledPolicy } from "../../../src/policy/compiled/load-compiled-policy.ts";
import { OPTIONAL_MODULES } from "../../../src/policy/compiled/optional-modules.ts";
import { compileForWorker } from "../../../src/policy/compiled/serialize-policy.ts";
import { formatFault } from "../../../src/policy/fault.ts";
import type { ServedPolicy } from "../../../src/policy/policy.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";
import { ALL_PATHS, randomPolicyFile, runs } from "../../support/policy/random-policy.ts";

type Vars = Readonly<Record<string, unknown>>;

/** What a build writes and a Worker reads. */
function stored(file: unknown, vars: Vars = {}): CompiledPolicy {
  const result = compileForWorker(file, vars);
  if (!result.ok) throw new Error(result.failure.map(formatFault).join("\n"));
  return JSON.parse(JSON.stringify(result.value));
}

function restored(file: unknown, vars: Vars = {}): ServedPolicy {
  const result = loadCompiledPolicy(stored(file, vars), vars, OPTIONAL_MODULES);
  if (!result.ok) throw new Error(result.failure.map(formatFault).join("\n"));
  return result.value;
}

/** All parts except the table, which is compared by what it finds. */
function settings({ table: _, ...rest }: ServedPolicy): Omit<ServedPolicy, "table"> {
  return rest;
}

/** The same parts of the policy as compiled, without those that the Worker does not get. */
function expectedSettings(file: unknown, vars: Vars = {}): Omit<ServedPolicy, "table"> {
  const { table: _, routes, guarantees, clients, ...rest } = compiled(file, vars);
  return rest;
}

const RICH = {
  realm: "shop",
  telemetry: { allow: 0.01, path: true, metrics: "METRICS" },
  revocation: { refreshSeconds: 10, maxStaleSeconds: 60, onStale: "serve" },
  hosts: ["${HOST}", "a.${DOMAIN}", "127.0.0.1"],
  publicUrl: "https://${HOST}/",
  cors: { origins: ["https://a.example", "https://b.example"], maxAgeSeconds: 5, exposedHeaders: ["etag"] },
  issuers: {
    main: { issuer: "${ISSUER}", profile: "${PROFILE}", registeredClientsOnly: true, algorithms: ["${ALGORITHM}"] },
    other: {
      issuer: "https://other.example",
      profile: "generic",
      audiences: ["${AUDIENCE}"],
      audienceClaims: ["${AUDIENCE_CLAIM}", "aud"],
      scopeClaim: ["/realm/roles", "${SCOPE_CLAIM}"],
      grants: { "cognito:groups": { staff: ["*:orders"], "a b": ["second/*"] }, "/a/b": { x: ["write:orders"] } },
      scopeNames: "${NAMES}",
      requestedScopeNames: "short",
      keys: { refreshAfterSeconds: 60, maxStaleSeconds: 600, publicationLagSeconds: 0 },
    },
  },
  resourceServers: {
    "https://api.example": {
      name: "The API",
      scopes: { "read:orders": "Read", "write:orders": { description: "Write", implies: ["read:orders"] } },
    },
    second: { scopes: { "read:orders": "Read" } },
  },
  resources: { "/orders": { name: "Orders" }, "/orders/%40me/": {}, "/": {} },
  clients: {
    one: { issuer: "main", scopes: ["https://api.example/write:orders"] },
    two: { issuer: "other", id: "one", scopes: [] },
  },
  upstreams: {
    orders: {
      url: "${URL}/v1",
      timeoutMs: 5,
      forwardAuthorization: true,
      allowPathParameters: true,
      allowEncodedSlash: true,
      allowHeaderNames: ["${HEADER}"],
      originWide: true,
    },
    bound: { service: "${SERVICE}" },
    shop: { url: "https://shop.example", stripPrefix: "/${PREFIX}" },
  },
  claimHeaders: { "x-tenant": "/tenant/id", "x-user": "sub" },
  routes: [
    { path: "/orders/:id", methods: ["GET"], scopes: ["*:orders"], upstream: "orders" },
    { path: "/orders/:order", methods: ["DELETE"], scopes: { allOf: ["write:orders"] }, upstream: "bound" },
    { path: "/orders/%40me", methods: ["*"], authenticated: true, upstream: "bound" },
    { path: "/*", methods: ["GET"], public: true, upstream: "orders" },
    { path: "/orders/:id/", methods: ["PUT"], scopes: ["write:orders"], upstream: "bound" },
    { path: "/shop/*", methods: ["GET"], public: true, upstream: "shop" },
    { path: "/a/:b/*", methods: ["GET"], public: true, upstream: "shop", upstreamPath: "/v2/:b/:b/*" },
    { path: "/fixed", methods: ["GET"], public: true, upstream: "bound", upstreamPath: "/" },
  ],
  guarantees: [{ name: "none", paths: ["/none"], never: true }],
};
const VARS = {
  ISSUER: "https://issuer.example/pool",
  PROFILE: "cognito",
  ALGORITHM: "RS512",
  AUDIENCE: "the-api",
  AUDIENCE_CLAIM: "azp",
  SCOPE_CLAIM: "scp",
  NAMES: "full",
  URL: "https://orders.example",
  SERVICE: "ORDERS",
  HEADER: "x_legacy",
  HOST: "api.example",
  DOMAIN: "internal.example",
  PREFIX: "shop",
};

describe("a policy that was stored serves as it did before", () => {
  test("with one of everything", () => {
    expect(settings(restored(RICH, VARS))).toEqual(expectedSettings(RICH, VARS));
    const [before, after] = [compiled(RICH, VARS), restored(RICH, VARS)];
    for (const path of [
      "/",
      "/orders/1",
      "/orders/@me",
      "/orders/%40me",
      "/orders",
      "/x/y/",
      "/shop/a",
      "/a/b/c",
      "/fixed",
    ]) {
      expect(after.table.match(path)).toEqual(before.table.match(path));
    }
    expect(after.table.match("/orders/1")?.allow).toBe("GET, HEAD, DELETE");
  });

  test("with hosts and a public URL that are known to the Worker only", () => {
    const result = loadCompiledPolicy(stored(RICH, VARS), { ...VARS, HOST: "elsewhere.example" }, OPTIONAL_MODULES);
    expect(result.ok && result.value).toMatchObject({
      hosts: new Set(["elsewhere.example", "a.internal.example", "localhost"]),
      publicUrl: "https://elsewhere.example",
    });
    expect(JSON.stringify(stored(RICH, VARS))).not.toContain("internal.example");
  });

  test("with a prefix that no route has in the Worker's vars, it does not", () => {
    const result = loadCompiledPolicy(stored(RICH, VARS), { ...VARS, PREFIX: "store" }, OPTIONAL_MODULES);
    expect(result.ok ? [] : result.failure.map(formatFault)).toEqual([
      "$.upstreams.shop.stripPrefix: The path of routes[5] (`/shop/*`) does not start with it. Write an `upstreamPath` in that route, or choose another upstream for it.",
    ]);
  });

  test("without a column of paths for upstreams if no route has one", () => {
    const routes = RICH.routes.filter((route) => !("upstreamPath" in route));
    expect(stored({ ...RICH, routes }, VARS).routes).not.toHaveProperty("upstreamPaths");
    expect(stored(RICH, VARS).routes.upstreamPaths?.values).toEqual(["", "/v2/:b/:b/*", "/"]);
  });

  test("a route whose path for the upstream is damaged serves nothing", () => {
    const upstreams = { ...RICH.upstreams, shop: { url: "https://shop.example", stripPrefix: "/shop" } };
    const damaged = stored({ ...RICH, upstreams }, VARS);
    const upstreamPaths = { values: [], indices: damaged.routes.upstreamPaths?.indices ?? [] };
    const result = loadCompiledPolicy(
      { ...damaged, routes: { ...damaged.routes, upstreamPaths } },
      VARS,
      OPTIONAL_MODULES,
    );
    if (!result.ok) throw new Error(result.failure.map(formatFault).join("\n"));
    expect(() => result.value.table.match("/fixed")).toThrow("The compiled policy lacks a part of routes[7].");
  });

  test("with vars that are known to the Worker only", () => {
    const result = loadCompiledPolicy(
      stored(RICH, VARS),
      {
        ...VARS,
        URL: "https://elsewhere.example",
        PROFILE: "rfc9068",
        AUDIENCE: "x",
      },
      OPTIONAL_MODULES,
    );
    expect(!result.ok && result.failure.map(({ path }) => path.join("."))).toEqual(["issuers.main"]);
    const moved = loadCompiledPolicy(
      stored(RICH, VARS),
      { ...VARS, URL: "https://elsewhere.example" },
      OPTIONAL_MODULES,
    );
    expect(moved.ok && moved.value.upstreams.get("orders")).toMatchObject({
      origin: "https://elsewhere.example",
    });
    expect(moved.ok && moved.value.table.match("/x")?.byMethod.get("GET")?.upstream).toMatchObject({
      origin: "https://elsewhere.example",
      pathPrefix: "/v1",
    });
  });

  test.each([
    { name: "with any origin", cors: { origins: "*" } },
    { name: "with one label in place of a `*`", cors: { origins: ["https://*.a.example:8443", "https://b.example"] } },
    { name: "without CORS", cors: undefined },
  ])("$name", ({ cors }) => {
    const { cors: _, ...rest } = RICH;
    const file = { ...rest, ...(cors && { cors }) };
    expect(restored(file, VARS).cors).toEqual(compiled(file, VARS).cors);
  });

  test("any policy, for every path", () => {
    fc.assert(
      fc.property(randomPolicyFile, (file) => {
        const [before, after] = [compiled(file), restored(file)];
        expect(settings(after)).toEqual(expectedSettings(file));
        for (const path of ALL_PATHS) expect(after.table.match(path)).toEqual(before.table.match(path));
      }),
      runs(60),
    );
  });

  test("and has no value of a variable in it, and nothing that only tools look at", () => {
    const text = JSON.stringify(
      stored(routesFile, {
        ISSUER_URL: "https://i.example",
        PRODUCTS_URL: "https://p.example",
        ORDERS_URL: "https://o.example",
      }),
    );
    expect(text).toContain("${ISSUER_URL}");
    expect(text).not.toMatch(/[ipo]\.example/);
    expect(JSON.stringify(stored(RICH, VARS))).not.toContain("guarantees");
  });
});

describe("what the Worker's own vars make wrong is found when it starts, where the check would find it", () => {
  test.each([
    {
      name: "one that is missing",
      vars: { ISSUER: undefined },
      expected: ["$.issuers.main.issuer: The variable `ISSUER` is not set."],
    },
    {
      name: "several at once",
      vars: { URL: undefined, SERVICE: undefined },
      expected: [
        "$.upstreams.orders.url: The variable `URL` is not set.",
        "$.upstreams.bound.service: The variable `SERVICE` is not set.",
      ],
    },
    {
      name: "one that is no string",
      vars: { URL: 7 },
      expected: ["$.upstreams.orders.url: The variable `URL` is not set."],
    },
    {
      name: "an empty one",
      vars: { AUDIENCE: "" },
      expected: ["$.issuers.other.audiences[0]: `${AUDIENCE}` is empty."],
    },
    { name: "an issuer over http", vars: { ISSUER: "http://issuer.example" }, expected: ["$.issuers.main.issuer: "] },
    {
      name: "an issuer that is there twice",
      vars: { ISSUER: "https://other.example" },
      expected: ["$.issuers.other.issuer: The issuer `main` has the same value."],
    },
    {
      name: "a spelling of a claim header",
      vars: { HEADER: "X_Tenant" },
      expected: ["$.upstreams.orders.allowHeaderNames[0]: To some upstreams this is the claim header `x-tenant`."],
    },
    {
      name: "a host that is none",
      vars: { HOST: "API.example" },
      expected: ["$.hosts[0]: This is not a plain host name."],
    },
    {
      name: "a host that is there twice",
      vars: { HOST: "127.0.0.1" },
      expected: ["$.hosts[2]: The host is listed twice."],
    },
    {
      name: "a public URL with a path",
      vars: { HOST: "api.example/v1" },
      expected: ["$.hosts[0]: This is not a plain host name", "$.publicUrl: This URL has more than an origin."],
    },
    {
      name: "a host and a public URL that are missing",
      vars: { HOST: undefined },
      expected: ["$.hosts[0]: The variable `HOST` is not set.", "$.publicUrl: The variable `HOST` is not set."],
    },
    { name: "an upstream over http", vars: { URL: "http://orders.example" }, expected: ["$.upstreams.orders.url: "] },
    {
      name: "a binding that cannot be one",
      vars: { SERVICE: "my-orders" },
      expected: ["$.upstreams.bound.service: `my-orders` cannot be the name of a binding."],
    },
    { name: "a profile that there is not", vars: { PROFILE: "auth0" }, expected: ["$.issuers.main.profile: "] },
    {
      name: "an algorithm that is symmetric",
      vars: { ALGORITHM: "HS256" },
      expected: ["$.issuers.main.algorithms[0]: "],
    },
    { name: "scope names that are neither", vars: { NAMES: "long" }, expected: ["$.issuers.other.scopeNames: "] },
  ])("$name", ({ vars, expected }) => {
    const own = { ...VARS, ...vars };
    const result = loadCompiledPolicy(stored(RICH, VARS), own, OPTIONAL_MODULES);
    const found = result.ok ? [] : result.failure;
    expect(found.map(formatFault)).toEqual(expected.map((start) => expect.stringContaining(start)));
    for (const { hint } of found) expect(hint).not.toBe("");
    const compilation = compilePolicy(RICH, own);
    expect(!compilation.ok && compilation.failure.map(({ path }) => path)).toEqual(found.map(({ path }) => path));
  });

  test("a profile and an algorithm of the wrong kind say what there is", () => {
    const result = loadCompiledPolicy(
      stored(RICH, VARS),
      { ...VARS, PROFILE: "auth0", NAMES: "long" },
      OPTIONAL_MODULES,
    );
    expect(!result.ok && result.failure.map(({ message, hint }) => `${message} ${hint}`)).toEqual([
      "`auth0` is not one of the choices. Write one of cognito, rfc9068, generic.",
      "`long` is not one of the choices. Write one of full, short.",
    ]);
  });
});

test("a policy with faults is not stored: they are all there instead", () => {
  const file = policyFileWith({ realm: 7, upstreams: { orders: { url: "http://orders.example" } } });
  const [result, compilation] = [compileForWorker(file, {}), compilePolicy(file, {})];
  expect(!result.ok && result.failure.length).toBe(2);
  expect(result).toEqual(compilation);
});

test.each([
  { name: "the upstream", changes: { upstreams: { values: ["orders", "gone"], indices: [0, 1, 1, 0] } } },
  { name: "the requirement", changes: { requirements: { values: [{ kind: "public" }], indices: [0, 0, 1, 0] } } },
  { name: "the methods", changes: { methods: { values: [["GET"]], indices: [0, 0, 7, 0] } } },
])("a route that lacks $name is never passed over for a looser one", ({ changes }) => {
  const whole = stored(RICH, VARS);
  const broken = { ...whole, routes: { ...whole.routes, ...changes } } as CompiledPolicy;
  const result = loadCompiledPolicy(broken, VARS, OPTIONAL_MODULES);
  if (!result.ok) throw new Error("it has faults");
  const { table } = result.value;
  expect(() => table.match("/orders/@me")).toThrow("The compiled policy lacks a part of routes[2]. Build it again.");
  expect(table.match("/x")?.allow).toBe("GET, HEAD");
});

test("what many routes have in common is there once", () => {
  const routes = Array.from({ length: 50 }, (_, at) => ({
    ...{ path: `/orders/${at}`, methods: at % 2 === 0 ? ["GET"] : ["PUT", "GET"], upstream: "orders" },
    ...(at % 5 === 0 ? { public: true } : { scopes: ["read:orders"] }),
  }));
  const { methods, requirements, upstreams, paths } = stored(policyFileWith({ routes })).routes;
  expect([methods, requirements, upstreams].map(({ values }) => values.length)).toEqual([2, 2, 1]);
  expect([methods, requirements, upstreams].map(({ indices }) => indices.length)).toEqual([50, 50, 50]);
  expect(paths).toHaveLength(50);
});
