import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createGateway } from "../../src/gateway.ts";
import { createKeyStore } from "../../src/keys/key-store.ts";
import { createAuthenticator } from "../../src/token/authenticate.ts";
import { createOwnHeaders } from "../../src/upstream/own-headers.ts";
import { compiled } from "../support/policy/policy-file.ts";
import { type Claims, createSigningKey, type SigningKey, signClaims } from "../support/token/signing-key.ts";
import { NOW_MS, NOW_SECONDS } from "../support/token/tokens.ts";

/** Tokens of one tenant must open nothing of another, although one key set signs for all of them, as at Entra ID. */
const HOME = "11111111-aaaa-4111-8111-111111111111";
const PARTNER = "22222222-bbbb-4222-8222-222222222222";
const STRANGER = "33333333-cccc-4333-8333-333333333333";
const iss = (tenant: string) => `https://login.example/${tenant}/v2.0`;
const KEYS_URL = "https://login.example/common/keys";
const ENTRA = {
  issuer: iss("{tenant}"),
  tenants: [HOME, PARTNER] as unknown,
  tenantClaim: "tid",
  jwksUri: KEYS_URL,
  profile: "generic",
  algorithms: ["ES256"],
  audiences: ["api"],
  scopeClaim: "scp",
};

let shared: SigningKey;
let bare: SigningKey;
let ofHome: SigningKey;
let ofPartner: SigningKey;
let twin: SigningKey;
let odd: SigningKey;
let jwks: readonly unknown[];
let fetched: string[];
let stored: Map<string, string>;
let forwarded: Request[];
let log: Record<string, unknown>[];

beforeAll(async () => {
  shared = await createSigningKey("shared");
  bare = await createSigningKey("bare");
  ofHome = await createSigningKey("home");
  ofPartner = await createSigningKey("partner");
  twin = await createSigningKey("home");
  odd = await createSigningKey("odd");
});

beforeEach(() => {
  jwks = [
    { ...shared.publicJwk, issuer: iss("{tenantid}") },
    bare.publicJwk,
    { ...ofHome.publicJwk, issuer: iss(HOME) },
    { ...ofPartner.publicJwk, issuer: iss(PARTNER) },
    // One `kid` for a key of each tenant.
    { ...twin.publicJwk, issuer: iss(PARTNER) },
    { ...odd.publicJwk, issuer: [iss(HOME)] },
  ];
  fetched = [];
  stored = new Map();
  forwarded = [];
  log = [];
});

function gateway(changes: Claims = {}) {
  const policy = compiled({
    // Read as JSON: a member that is `undefined` is not there.
    issuers: JSON.parse(JSON.stringify({ entra: { ...ENTRA, ...changes } })),
    resourceServers: { api: { scopes: { read: "" } } },
    upstreams: { orders: { url: "https://orders.example" } },
    routes: [{ path: "/orders", methods: ["GET"], scopes: ["read"], upstream: "orders" }],
  });
  const keys = createKeyStore({
    issuers: policy.issuers.values(),
    kv: {
      get: async (key) => stored.get(key) ?? null,
      put: async (key, value) => void stored.set(key, value),
    },
    fetch: async (url) => {
      fetched.push(url);
      return Response.json({ keys: jwks });
    },
    now: () => NOW_MS,
    sleep: () => new Promise(() => {}),
    log: (line) => log.push(line),
  });
  const serve = createGateway({
    policy,
    log: (line) => log.push(line as Record<string, unknown>),
    version: undefined,
    now: () => NOW_MS,
    authenticate: createAuthenticator({ policy, keys, now: () => NOW_MS }),
    setOwnHeaders: createOwnHeaders({}, { now: () => NOW_MS, sleep: () => new Promise(() => {}) }),
    limitPauses: (response) => response,
    serveEndpoint: (exchange) => exchange.answer(new Response()),
    fetcherOf: () => async (input, init) => {
      forwarded.push(new Request(input, init));
      return Object.assign(new Response("served"), { webSocket: null });
    },
  });
  return async (token: string, headers: Record<string, string> = {}): Promise<number> => {
    const request = new Request("https://gw.example/orders", {
      headers: { ...headers, authorization: `Bearer ${token}` },
    });
    return (await serve(request, () => {})).status;
  };
}

const claimsOf = (tenant: string, changes: Claims = {}) => ({
  iss: iss(tenant),
  tid: tenant,
  aud: "api",
  sub: "user-1",
  azp: "app-1",
  scp: "read",
  iat: NOW_SECONDS,
  exp: NOW_SECONDS + 3600,
  ...changes,
});
const decisions = () => log.filter(({ event }) => event === "decision");

describe("a token of a listed tenant", () => {
  it.each([
    { name: "signed with the key of all tenants", key: () => shared },
    { name: "signed with a key that says nothing of tenants", key: () => bare },
    { name: "signed with the key of the tenant", key: () => ofHome },
  ])("is let in: $name", async ({ key }) => {
    expect(await gateway()(await signClaims(key(), claimsOf(HOME)))).toBe(200);
    expect(forwarded).toHaveLength(1);
    expect(decisions()).toMatchObject([{ decision: "allow", issuer: iss(HOME), tenant: HOME, subject: "user-1" }]);
  });

  it("tells the upstream its tenant, which the caller cannot", async () => {
    const send = gateway();
    expect(
      await send(await signClaims(shared, claimsOf(PARTNER)), { "x-auth-tenant": HOME, X_Auth_Tenant: HOME }),
    ).toBe(200);
    const headers = Object.fromEntries(forwarded[0]?.headers ?? []);
    expect(headers).toMatchObject({ "x-auth-tenant": PARTNER, "x-auth-issuer": iss(PARTNER) });
    expect(Object.keys(headers).filter((name) => name.replaceAll("_", "-") === "x-auth-tenant")).toHaveLength(1);
  });

  it("is remembered for itself alone", async () => {
    const send = gateway({ tenants: [HOME] });
    const token = await signClaims(shared, claimsOf(HOME));
    expect([await send(token), await send(token)]).toEqual([200, 200]);
    expect(decisions().map(({ token_cache }) => token_cache)).toEqual(["miss", "hit"]);
    expect(await send(await signClaims(shared, claimsOf(PARTNER)))).toBe(401);
    expect(forwarded).toHaveLength(2);
  });

  it("shares one key set with the others", async () => {
    const send = gateway();
    for (const tenant of [HOME, PARTNER]) expect(await send(await signClaims(shared, claimsOf(tenant)))).toBe(200);
    expect(fetched).toEqual([KEYS_URL]);
  });
});

describe("a token is refused before any key is looked up", () => {
  const upper = HOME.toUpperCase();
  it.each([
    { name: "of a tenant that is not listed", claims: claimsOf(STRANGER), reason: "tenant-mismatch" },
    { name: "of a tenant in upper case", claims: claimsOf(upper), reason: "tenant-mismatch" },
    { name: "in upper case, with the listed claim", claims: claimsOf(upper, { tid: HOME }), reason: "tenant-mismatch" },
    { name: "with the listed claim of another", claims: claimsOf(STRANGER, { tid: HOME }), reason: "tenant-mismatch" },
    { name: "whose iss is the template", claims: claimsOf("{tenant}"), reason: "issuer-unknown" },
    { name: "whose iss has Entra's placeholder", claims: claimsOf("{tenantid}"), reason: "issuer-unknown" },
    { name: "of all tenants", claims: claimsOf("common"), reason: "issuer-unknown" },
    { name: "with dots", claims: claimsOf(HOME, { iss: iss(`x/../${HOME}`) }), reason: "issuer-unknown" },
    { name: "with an encoded slash", claims: claimsOf(HOME, { iss: iss(`${HOME}%2f`) }), reason: "issuer-unknown" },
    { name: "with a slash at the end", claims: claimsOf(HOME, { iss: `${iss(HOME)}/` }), reason: "issuer-unknown" },
    { name: "with a query", claims: claimsOf(HOME, { iss: `${iss(HOME)}?x` }), reason: "issuer-unknown" },
    { name: "with two tenants", claims: claimsOf(HOME, { iss: iss(`${HOME}/${PARTNER}`) }), reason: "issuer-unknown" },
    { name: "whose iss is a list", claims: claimsOf(HOME, { iss: [iss(HOME)] }), reason: "claim-missing" },
  ])("$name: $reason", async ({ claims, reason }) => {
    expect(await gateway()(await signClaims(shared, claims))).toBe(401);
    expect(decisions()).toMatchObject([{ decision: "deny", reason }]);
    expect(fetched).toEqual([]);
    expect(forwarded).toEqual([]);
  });
});

describe("a token with a valid signature is refused", () => {
  it.each([
    { name: "with the claim of another tenant", changes: { tid: PARTNER } },
    { name: "without the claim", changes: { tid: undefined } },
    { name: "with the claim in upper case", changes: { tid: HOME.toUpperCase() } },
    { name: "with a list of tenants", changes: { tid: [HOME] } },
    { name: "with the claim as an object", changes: { tid: { [HOME]: true } } },
    { name: "with an empty claim", changes: { tid: "" } },
    { name: "with null", changes: { tid: null } },
  ])("$name", async ({ changes }) => {
    expect(await gateway()(await signClaims(shared, claimsOf(HOME, changes)))).toBe(401);
    expect(decisions()).toMatchObject([{ reason: "tenant-mismatch" }]);
    expect(forwarded).toEqual([]);
  });

  it.each([
    { name: "signed with the key of another tenant", key: () => ofPartner, tenant: HOME },
    { name: "signed with that key, by the kid of its own", key: () => twin, tenant: HOME, reason: "signature-invalid" },
    { name: "signed with a key whose issuer is no text", key: () => odd, tenant: HOME },
  ])("$name", async ({ key, tenant, reason = "key-unknown" }) => {
    expect(await gateway()(await signClaims(key(), claimsOf(tenant)))).toBe(401);
    expect(decisions()).toMatchObject([{ reason }]);
    expect(forwarded).toEqual([]);
  });

  it("and the key of each tenant is told apart where they share a kid", async () => {
    const send = gateway();
    expect(await send(await signClaims(twin, claimsOf(PARTNER)))).toBe(200);
    expect(await send(await signClaims(ofHome, claimsOf(PARTNER)))).toBe(401);
    expect(forwarded).toHaveLength(1);
  });

  it("and a key whose issuer is no text is reported", async () => {
    await gateway()(await signClaims(shared, claimsOf(HOME)));
    expect(log).toContainEqual(expect.objectContaining({ why: "issuer-malformed" }));
  });
});

describe("any tenant", () => {
  it("is let in with its own tokens", async () => {
    expect(await gateway({ tenants: "any" })(await signClaims(shared, claimsOf(STRANGER)))).toBe(200);
    expect(forwarded[0]?.headers.get("x-auth-tenant")).toBe(STRANGER);
  });

  it.each([
    { name: "in upper case", claims: claimsOf(STRANGER.toUpperCase()), key: () => shared, reason: "tenant-mismatch" },
    {
      name: "with the claim of another",
      claims: claimsOf(STRANGER, { tid: HOME }),
      key: () => shared,
      reason: "tenant-mismatch",
    },
    { name: "with the key of another", claims: claimsOf(STRANGER), key: () => ofHome, reason: "key-unknown" },
  ])("is not let in $name", async ({ claims, key, reason }) => {
    expect(await gateway({ tenants: "any" })(await signClaims(key(), claims))).toBe(401);
    expect(decisions()).toMatchObject([{ reason }]);
    expect(forwarded).toEqual([]);
  });
});

it("keys that an issuer without tenants has stored do not count for tenants", async () => {
  const plain = gateway({ issuer: iss(HOME), tenants: undefined, tenantClaim: undefined });
  expect(await plain(await signClaims(ofPartner, claimsOf(HOME)))).toBe(200);
  expect([...stored.values()].join()).not.toContain("login.example");
  const before = forwarded.length;
  expect(await gateway()(await signClaims(ofPartner, claimsOf(HOME)))).toBe(401);
  expect(forwarded).toHaveLength(before);
  expect(stored.size).toBe(2);
});
