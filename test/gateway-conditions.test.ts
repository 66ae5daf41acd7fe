import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createGateway } from "../src/gateway.ts";
import { loadCompiledPolicy } from "../src/policy/compiled/load-compiled-policy.ts";
import { OPTIONAL_MODULES } from "../src/policy/compiled/optional-modules.ts";
import { compileForWorker } from "../src/policy/compiled/serialize-policy.ts";
import type { ServedPolicy } from "../src/policy/policy.ts";
import { type Authenticate, createAuthenticator } from "../src/token/authenticate.ts";
import { limitPauses } from "../src/upstream/limit-pauses.ts";
import { createOwnHeaders } from "../src/upstream/own-headers.ts";
import { FakeKeyStore, keySetOf } from "./support/keys/fake-key-store.ts";
import { API, ISSUER_URL } from "./support/policy/example-policy.ts";
import { claimsOf, createSigner, NOW_MS, type Signer, signToken } from "./support/token/tokens.ts";

const SELF = { param: "id", equals: "sub" };
const GOLD = { claim: "/org/tier", in: ["gold", "platinum"] };
const FILE = {
  issuers: { main: { issuer: ISSUER_URL, profile: "cognito", algorithms: ["ES256"] } },
  resourceServers: {
    [API]: { scopes: { read: "", write: { description: "", implies: ["read"] }, admin: "" } },
  },
  cors: { origins: "*" },
  upstreams: {
    users: { url: "https://users.internal" },
    loose: { url: "https://l.internal", allowPathParameters: true },
  },
  routes: [
    { path: "/users/:id", methods: ["GET"], scopes: ["admin", { allOf: ["read", SELF] }], upstream: "users" },
    { path: "/users/:id/", methods: ["GET"], scopes: [SELF], upstream: "users" },
    { path: "/vip", methods: ["GET"], scopes: { allOf: ["read", GOLD] }, upstream: "users" },
    { path: "/self/:id/*", methods: ["GET"], scopes: [SELF], upstream: "loose" },
    { path: "/jobs/:id", methods: ["GET"], scopes: { allOf: [GOLD, { anyOf: ["admin", SELF] }] }, upstream: "users" },
  ],
};

let signer: Signer;
let policy: ServedPolicy;
let authenticate: Authenticate;
let forwarded: number;
let log: Record<string, unknown>[];

beforeAll(async () => {
  signer = await createSigner("ES256");
  const compiled = compileForWorker(FILE, {});
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.failure));
  // The Worker gets it as JSON.
  const loaded = loadCompiledPolicy(JSON.parse(JSON.stringify(compiled.value)), {}, OPTIONAL_MODULES);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
  policy = loaded.value;
});

beforeEach(() => {
  // One token cache for all requests of a test.
  authenticate = createAuthenticator({ policy, keys: new FakeKeyStore(keySetOf(signer.key)), now: () => NOW_MS });
  forwarded = 0;
  log = [];
});

async function send(target: string, claims: Record<string, unknown> | undefined, init: RequestInit = {}) {
  const serve = createGateway({
    policy,
    log: (line) => log.push(line as Record<string, unknown>),
    version: undefined,
    now: () => NOW_MS,
    authenticate,
    setOwnHeaders: createOwnHeaders({}, { now: () => NOW_MS, sleep: () => new Promise(() => {}) }),
    limitPauses,
    serveEndpoint: (exchange) => exchange.answer(new Response("own")),
    fetcherOf: () => async () => {
      forwarded += 1;
      return new Response("served");
    },
  });
  const authorization = claims && `Bearer ${await signToken(signer, claimsOf(claims))}`;
  const headers = { ...(authorization && { authorization }), ...init.headers };
  return serve(new Request(`https://gw.example${target}`, { ...init, headers }), () => {});
}

const scope = (...names: string[]) => names.map((name) => `${API}/${name}`).join(" ");

describe("a path parameter that must equal a claim", () => {
  it.each([
    { name: "the same", target: "/users/alice", sub: "alice", status: 200 },
    { name: "another", target: "/users/bob", sub: "alice", status: 403 },
    { name: "another case", target: "/users/Alice", sub: "alice", status: 403 },
    { name: "a prefix", target: "/users/ali", sub: "alice", status: 403 },
    { name: "an escape of an unreserved character", target: "/users/%61lice", sub: "alice", status: 200 },
    { name: "an escape of a reserved character", target: "/users/auth0%7C1", sub: "auth0|1", status: 200 },
    { name: "an escape in the claim, which is not decoded", target: "/users/auth0%7C1", sub: "auth0%7C1", status: 403 },
    { name: "a percent sign, decoded once", target: "/users/100%25", sub: "100%", status: 200 },
    { name: "UTF-8", target: "/users/%C3%A9", sub: "\u00e9", status: 200 },
    { name: "the same letter in another normalization form", target: "/users/%C3%A9", sub: "e\u0301", status: 403 },
    { name: "a plus sign, which is no space", target: "/users/a+b", sub: "a b", status: 403 },
    { name: "a claim that is missing", target: "/users/undefined", sub: undefined, status: 403 },
    { name: "a claim that is null", target: "/users/null", sub: null, status: 403 },
    { name: "a claim that is a number", target: "/users/1", sub: 1, status: 403 },
    { name: "a claim that is a list with it", target: "/users/alice", sub: ["alice"], status: 403 },
    { name: "a claim that is an object", target: "/users/[object%20Object]", sub: {}, status: 403 },
    { name: "a query, which plays no part", target: "/users/bob?id=alice", sub: "alice", status: 403 },
    { name: "HEAD", target: "/users/alice", sub: "alice", method: "HEAD", status: 200 },
    { name: "HEAD of another", target: "/users/bob", sub: "alice", method: "HEAD", status: 403 },
    { name: "a trailing slash, the same", target: "/users/alice/", sub: "alice", status: 200 },
    { name: "a trailing slash, another", target: "/users/bob/", sub: "alice", status: 403 },
    { name: "a segment in the middle", target: "/self/alice/bob", sub: "alice", status: 200 },
    { name: "only the segment of the parameter", target: "/self/bob/alice", sub: "alice", status: 403 },
    { name: "path parameters behind it", target: "/self/alice;v=1/x", sub: "alice", status: 403 },
    { name: "path parameters in the claim, too", target: "/self/alice;v=1/x", sub: "alice;v=1", status: 403 },
    { name: "an encoded semicolon", target: "/self/alice%3Bv=1/x", sub: "alice;v=1", status: 403 },
    { name: "path parameters in another segment", target: "/self/alice/x;v=1", sub: "alice", status: 200 },
    { name: "an encoded slash", target: "/users/a%2Fb", sub: "a/b", status: 400 },
    { name: "an encoded dot segment", target: "/users/%2e%2e", sub: "..", status: 404 },
  ])("$name: $status", async ({ target, sub, method = "GET", status }) => {
    const response = await send(target, { scope: scope("read"), sub }, { method });
    expect(response.status).toBe(status);
    expect(forwarded).toBe(status === 200 ? 1 : 0);
  });

  it("is compared anew for a remembered token", async () => {
    const claims = { scope: scope("read"), sub: "alice" };
    expect((await send("/users/alice", claims)).status).toBe(200);
    expect((await send("/users/bob", claims)).status).toBe(403);
    expect((await send("/users/alice", claims)).status).toBe(200);
    expect(forwarded).toBe(2);
  });

  it("is not compared for a preflight", async () => {
    const headers = { origin: "https://shop.example", "access-control-request-method": "GET" };
    expect((await send("/users/bob", undefined, { method: "OPTIONS", headers })).status).toBe(204);
  });
});

describe("a claim that must be one of some values", () => {
  it.each([
    { name: "one of them", org: { tier: "gold" }, status: 200 },
    { name: "the last of them", org: { tier: "platinum" }, status: 200 },
    { name: "a list with one of them", org: { tier: ["silver", "gold"] }, status: 200 },
    { name: "a list with other types beside it", org: { tier: [null, 1, { a: 1 }, "gold"] }, status: 200 },
    { name: "a list without one", org: { tier: ["silver"] }, status: 403 },
    { name: "an empty list", org: { tier: [] }, status: 403 },
    { name: "a list in a list", org: { tier: [["gold"]] }, status: 403 },
    { name: "another value", org: { tier: "silver" }, status: 403 },
    { name: "another case", org: { tier: "Gold" }, status: 403 },
    { name: "all of them in one string", org: { tier: "gold platinum" }, status: 403 },
    { name: "an object with it as a key", org: { tier: { gold: true } }, status: 403 },
    { name: "an object that is a string", org: "gold", status: 403 },
    { name: "nothing", org: undefined, status: 403 },
  ])("$name: $status", async ({ org, status }) => {
    const response = await send("/vip", { scope: scope("read"), org });
    expect(response.status).toBe(status);
    expect(forwarded).toBe(status === 200 ? 1 : 0);
  });

  it("is one of the claims, not a scope of that name", async () => {
    const atoms = "claim /org/tier gold claim%20/org/tier%20gold";
    const response = await send("/vip", { scope: `${scope("read")} ${atoms}` });
    expect(response.status).toBe(403);
    expect(forwarded).toBe(0);
  });

  it("is told apart for tokens that grant the same scopes", async () => {
    const gold = { scope: scope("read"), org: { tier: "gold" } };
    const none = { scope: scope("read") };
    const statuses = [];
    for (const claims of [gold, none, gold, none]) statuses.push((await send("/vip", claims)).status);
    expect(statuses).toEqual([200, 403, 200, 403]);
    expect(forwarded).toBe(2);
  });
});

describe("a caller who is refused learns", () => {
  it.each([
    {
      name: "which scopes would do with the conditions as they are, if some would: another's item",
      target: "/users/bob",
      claims: { scope: scope("read"), sub: "alice" },
      reason: "scope-insufficient",
      challenge: scope("admin"),
    },
    {
      name: "which scopes would do with the conditions as they are, if some would: one's own item",
      target: "/users/alice",
      claims: { scope: "", sub: "alice" },
      reason: "scope-insufficient",
      challenge: scope("admin", "read"),
    },
    {
      name: "which scopes would do with the conditions as they are: one condition met, one not",
      target: "/jobs/bob",
      claims: { scope: "", sub: "alice", org: { tier: "gold" } },
      reason: "scope-insufficient",
      challenge: scope("admin"),
    },
    {
      name: "that no scopes would do, if none would",
      target: "/jobs/alice",
      claims: { scope: scope("admin"), sub: "alice" },
      reason: "condition-not-met",
      challenge: undefined,
    },
    {
      name: "that no scopes would do, although one is missing, too",
      target: "/vip",
      claims: { scope: "" },
      reason: "condition-not-met",
      challenge: undefined,
    },
  ])("$name", async ({ target, claims, reason, challenge }) => {
    const response = await send(target, claims);
    const body = (await response.json()) as Record<string, unknown>;
    expect(response.status).toBe(403);
    expect(body["type"]).toBe(`https://scopegate.dev/problems/${reason}`);
    expect("required" in body && "granted" in body).toBe(reason === "scope-insufficient");
    const header = response.headers.get("www-authenticate") ?? "";
    expect(header).toContain('error="insufficient_scope"');
    expect(/scope="([^"]*)", resource_metadata/.exec(header)?.[1]).toBe(challenge);
    expect(log.at(-1)).toMatchObject({ reason, decision: "deny", status: 403 });
    const told = JSON.stringify([body, header, { ...log.at(-1), subject: "" }]);
    for (const secret of ["gold", "platinum", "alice", "tier"]) expect(told).not.toContain(secret);
    expect(forwarded).toBe(0);
  });

  it("all scopes that may help, if there is no token", async () => {
    const response = await send("/users/bob", undefined);
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toContain(`scope="${scope("admin", "read")}"`);
    expect(forwarded).toBe(0);
  });
});
