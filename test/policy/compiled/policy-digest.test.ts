import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildPolicy } from "../../../src/policy/compiled/build-policy.ts";
import { POLICY_DIGEST } from "../../../src/policy/compiled/policy-digest.ts";
import { formatFault } from "../../../src/policy/fault.ts";
import { randomPolicyFile, runs } from "../../support/policy/random-policy.ts";

/** A value without the types of its members, because the tests change any of them. */
type Loose = Record<string, unknown>;

async function digestOf(file: unknown, vars: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const built = await buildPolicy(file, vars);
  if (!built.ok) throw new Error(built.failure.map(formatFault).join("\n"));
  return built.value.digest;
}

const variable = (name: string): string => `\${${name}}`;
const VARS = { ISSUER: "https://issuer.example", HOST: "gw.example" };

function policy() {
  return {
    realm: "shop",
    hosts: ["a.example", variable("HOST")],
    publicUrl: `https://${variable("HOST")}`,
    cors: { origins: ["https://a.example", "https://b.example"], exposedHeaders: ["etag", "link"] },
    issuers: {
      main: { issuer: variable("ISSUER"), profile: "generic", audiences: ["x", "y"], algorithms: ["ES256", "RS256"] },
      other: { issuer: "https://other.example", profile: "cognito" },
    },
    resourceServers: {
      "https://api.example": {
        scopes: { read: "Read", list: "", write: { description: "Write", implies: ["read", "list"] } },
      },
    },
    resources: { "/items": { name: "Items" } },
    clients: {
      web: { issuer: "main", scopes: ["read", "write"] },
      app: { issuer: "other", scopes: ["read"] },
    },
    upstreams: {
      items: { url: "https://items.example/v1", allowHeaderNames: ["x_a", "x_b"] },
      orders: { service: "ORDERS" },
    },
    claimHeaders: { "x-auth-tier": "/org/tier", "x-auth-subject": "sub" },
    routes: [
      { path: "/items", methods: ["GET", "POST"], scopes: ["read", { allOf: ["write", "list"] }], upstream: "items" },
      { path: "/items/:id", methods: ["GET"], scopes: ["write"], upstream: "items" },
      { path: "/orders", methods: ["*"], authenticated: true, upstream: "orders" },
      { path: "/open", methods: ["POST"], public: true, upstream: "orders" },
    ],
    guarantees: [{ name: "x", publicOnly: ["/open"] }],
  };
}

/** The same value with the members of every object, and of every list if `lists`, in the reverse order. */
function reversed(value: unknown, lists: boolean): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => reversed(item, lists));
    return lists ? items.reverse() : items;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, it]) => [name, reversed(it, lists)]),
  );
}

/** The policy with the member at a path replaced, or removed if the value is `undefined`. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const file = policy();
  const inner = path.slice(0, -1).reduce<unknown>((at, step) => Reflect.get(Object(at), step), file);
  const last = path.at(-1) ?? "";
  if (value === undefined) delete (inner as Loose)[last];
  else (inner as Loose)[last] = value;
  return file;
}

describe("the digest of a policy", () => {
  it("is a SHA-256 in hex", async () => {
    expect(await digestOf(policy(), VARS)).toMatch(POLICY_DIGEST);
  });

  // If this digest changes, `scopegate deployed` no longer finds what an older Scopegate deployed.
  it("is the same in every version of Scopegate", async () => {
    expect(await digestOf(policy(), VARS)).toBe(
      "sha256:a0b33171663b7f4de3c9c046641343516dc0a2058e66a38cb33d03499585cc33",
    );
  });

  const SAME: readonly { readonly name: string; readonly file: unknown; readonly vars?: Loose }[] = [
    { name: "the order of members", file: reversed(policy(), false) },
    { name: "the order of routes, methods, scopes and other lists", file: reversed(policy(), true) },
    { name: "the values of variables", file: policy(), vars: { ISSUER: "https://next.example", HOST: "gw2.example" } },
    { name: "a description", file: changed(["resourceServers", "https://api.example", "scopes", "read"], "Read it") },
    { name: "a guarantee", file: changed(["guarantees"], undefined) },
    { name: "the schema's address", file: { $schema: "./routes.schema.json", ...policy() } },
    { name: "the reason of a suppressed lint", file: changed(["routes", 3, "lint"], { "public-write": "Signed." }) },
  ];
  it.each(SAME)("does not change with $name", async ({ file, vars = VARS }) => {
    expect(await digestOf(file, vars)).toBe(await digestOf(policy(), VARS));
  });

  it("does not change with the order of tenants, nor with the reason of a lint of an issuer", async () => {
    const issuers = (members: Loose) => ({
      ...policy(),
      issuers: {
        main: {
          ...policy().issuers.main,
          issuer: "https://login.example/{tenant}",
          jwksUri: "https://login.example/keys",
          tenantClaim: "tid",
          ...members,
        },
      },
      clients: {},
    });
    const tenants = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
    const one = await digestOf(issuers({ tenants }), VARS);
    expect(await digestOf(issuers({ tenants: tenants.toReversed() }), VARS)).toBe(one);
    expect(await digestOf(issuers({ tenants, lint: { "any-tenant": "Billed by tenant." } }), VARS)).toBe(one);
    expect(await digestOf(issuers({ tenants: tenants.slice(1) }), VARS)).not.toBe(one);
    expect(await digestOf(issuers({ tenants: "any" }), VARS)).not.toBe(one);
    expect(await digestOf(issuers({ tenants, tenantClaim: "tenant" }), VARS)).not.toBe(one);
  });

  it("counts every member of assertions, and never a key", async () => {
    const assertion = { issuer: "https://gateway.example", trustDomain: "internal.example", keys: { secret: "KEYS" } };
    const changes: readonly Loose[] = [
      { issuer: "https://gateway-2.example" },
      { trustDomain: "other.example" },
      { keys: { secret: "OTHER" } },
      { algorithm: "EdDSA" },
      { ttlSeconds: 61 },
      { bind: "request" },
      { claims: { tenant: "org" } },
    ];
    const plain = { ...policy(), assertion };
    const items = { ...policy().upstreams, items: { ...policy().upstreams.items, assertion: true } };
    const files = [policy(), plain, { ...plain, upstreams: items }].concat(
      changes.map((change) => ({ ...plain, assertion: { ...assertion, ...change } })),
    );
    const digests = await Promise.all(files.map((file) => digestOf(file, VARS)));
    expect(new Set(digests).size).toBe(files.length);
    expect(await digestOf(plain, { ...VARS, KEYS: "s3cr3t" })).toBe(digests[1]);
  });

  it("counts the names of secrets and what is set, and never a value", async () => {
    const upstream = (members: Loose) => ({
      ...policy(),
      upstreams: { ...policy().upstreams, items: { ...policy().upstreams.items, ...members } },
    });
    const keyed = upstream({ headers: { "x-key": { secret: "KEY" }, "x-env": "prod" } });
    const digests = await Promise.all(
      [
        upstream({}),
        keyed,
        upstream({ headers: { "x-key": { secret: "OTHER" }, "x-env": "prod" } }),
        upstream({ headers: { "x-key": { secret: "KEY" }, "x-env": "test" } }),
        upstream({ via: "ITEMS_VPC" }),
        upstream({ retry: true }),
        upstream({ idleTimeoutMs: 1_000 }),
      ].map((file) => digestOf(file, VARS)),
    );
    expect(new Set(digests).size).toBe(digests.length);
    expect(await digestOf(keyed, { ...VARS, KEY: "s3cr3t" })).toBe(await digestOf(keyed, { ...VARS, KEY: "other" }));
    const reordered = upstream({ headers: { "x-env": "prod", "x-key": { secret: "KEY" } } });
    expect(await digestOf(reordered, VARS)).toBe(await digestOf(keyed, VARS));
  });

  it("does not change with the order of claims, values and scopes of grants, nor with the wildcard that names them", async () => {
    const issuers = (grants: unknown, scopeClaim: unknown) => ({
      ...policy(),
      issuers: { main: { ...policy().issuers.main, grants, scopeClaim } },
      clients: {},
    });
    const one = issuers({ a: { x: ["read", "list"], y: ["write"] }, b: { x: ["read", "list", "write"] } }, ["p", "q"]);
    const other = issuers({ b: { x: ["*"] }, a: { y: ["write"], x: ["list", "read"] } }, ["q", "p"]);
    expect(await digestOf(one, VARS)).toBe(await digestOf(other, VARS));
  });

  const OTHER: readonly { readonly name: string; readonly file: unknown }[] = [
    { name: "the realm", file: changed(["realm"], "other") },
    { name: "a host", file: changed(["hosts", 0], "b.example") },
    { name: "no hosts", file: changed(["hosts"], undefined) },
    { name: "the public URL", file: changed(["publicUrl"], "https://a.example") },
    { name: "the name of a variable", file: changed(["issuers", "main", "issuer"], `https://${variable("HOST")}`) },
    { name: "an origin", file: changed(["cors", "origins", 1], "https://c.example") },
    { name: "every origin", file: changed(["cors", "origins"], "*") },
    { name: "credentials", file: changed(["cors", "credentials"], true) },
    { name: "an audience", file: changed(["issuers", "main", "audiences"], ["x"]) },
    { name: "an algorithm", file: changed(["issuers", "main", "algorithms"], ["ES256"]) },
    { name: "a scope claim", file: changed(["issuers", "main", "scopeClaim"], "scp") },
    { name: "one more scope claim", file: changed(["issuers", "main", "scopeClaim"], ["scp", "scope"]) },
    { name: "the claim of the audience", file: changed(["issuers", "main", "audienceClaims"], ["azp"]) },
    { name: "the order of audience claims", file: changed(["issuers", "main", "audienceClaims"], ["azp", "aud"]) },
    { name: "the other order", file: changed(["issuers", "main", "audienceClaims"], ["aud", "azp"]) },
    { name: "a grant", file: changed(["issuers", "main", "grants"], { groups: { staff: ["read"] } }) },
    { name: "a grant by another value", file: changed(["issuers", "main", "grants"], { groups: { boss: ["read"] } }) },
    { name: "a grant by another claim", file: changed(["issuers", "main", "grants"], { roles: { staff: ["read"] } }) },
    { name: "a grant of another scope", file: changed(["issuers", "main", "grants"], { groups: { staff: ["list"] } }) },
    {
      name: "a grant of another issuer",
      file: changed(["issuers", "other", "grants"], { groups: { staff: ["read"] } }),
    },
    { name: "an implied scope", file: changed(["resourceServers", "https://api.example", "scopes", "write"], "") },
    { name: "the name of a resource", file: changed(["resources", "/items", "name"], "Things") },
    { name: "a client's scope", file: changed(["clients", "web", "scopes"], ["read"]) },
    { name: "a client's id", file: changed(["clients", "web", "id"], "web-1") },
    { name: "a header that a service may get", file: changed(["upstreams", "items", "allowHeaderNames"], ["x_a"]) },
    { name: "a prefix to strip", file: changed(["upstreams", "items", "stripPrefix"], "/items") },
    { name: "a path for the upstream", file: changed(["routes", 1, "upstreamPath"], "/v2/items") },
    { name: "another one", file: changed(["routes", 1, "upstreamPath"], "/v2") },
    { name: "an upstream's address", file: changed(["upstreams", "items", "url"], "https://items.example/v2") },
    { name: "the path of a claim", file: changed(["claimHeaders", "x-auth-tier"], "/tier/org") },
    { name: "a route's path", file: changed(["routes", 1, "path"], "/items/:item") },
    { name: "a route's method", file: changed(["routes", 0, "methods"], ["GET"]) },
    { name: "a route's upstream", file: changed(["routes", 0, "upstream"], "orders") },
    { name: "a route's scopes", file: changed(["routes", 1, "scopes"], ["read"]) },
    { name: "any and all", file: changed(["routes", 0, "scopes"], { allOf: ["read", { anyOf: ["write", "list"] }] }) },
    { name: "a public route", file: changed(["routes", 2], { ...policy().routes[2], path: "/o" }) },
    { name: "no route", file: changed(["routes"], policy().routes.slice(1)) },
  ];
  it.each(OTHER)("changes with $name", async ({ file }) => {
    expect(await digestOf(file, VARS)).not.toBe(await digestOf(policy(), VARS));
  });

  it("differs for any two of these changes", async () => {
    const digests = await Promise.all(OTHER.map(({ file }) => digestOf(file, VARS)));
    expect(new Set(digests).size).toBe(OTHER.length);
  });

  it("survives a file written in another order, for any policy", async () => {
    await fc.assert(
      fc.asyncProperty(randomPolicyFile, async (file) => {
        expect(await digestOf(reversed(file, true))).toBe(await digestOf(file));
      }),
      runs(100),
    );
  });
});
