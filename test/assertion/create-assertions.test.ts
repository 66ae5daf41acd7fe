import { base64url, createLocalJWKSet, exportJWK, generateKeyPair, type JWK, jwtVerify } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { Denial } from "../../src/answer/denial.ts";
import { createAssertions, type PermittedCall } from "../../src/assertion/create-assertions.ts";
import type { AssertionSettings } from "../../src/policy/policy.ts";
import type { Admission } from "../../src/token/admit.ts";
import { API, issuerOf } from "../support/policy/example-policy.ts";
import { compiled, policyFileWith } from "../support/policy/policy-file.ts";
import { claimsOf, NOW_MS, NOW_SECONDS } from "../support/token/tokens.ts";

const SETTINGS: AssertionSettings = {
  issuer: "https://gateway.example",
  trustDomain: "internal.example",
  algorithm: "ES256",
  ttlSeconds: 60,
  secret: "KEYS",
  claims: [
    { name: "tenant", claim: ["org", "id"] },
    { name: "absent", claim: ["nothing"] },
  ],
  bindsRequest: false,
};

let ec: JWK;
let ed: JWK;
beforeAll(async () => {
  const [one, two] = await Promise.all([
    generateKeyPair("ES256", { extractable: true }),
    generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true }),
  ]);
  ec = { ...(await exportJWK(one.privateKey)), kid: "ec" };
  ed = { ...(await exportJWK(two.privateKey)), kid: "ed" };
});

const setOf = (...keys: readonly unknown[]): string => JSON.stringify({ keys });
const never = () => new Promise<void>(() => {});

function tokenOf(changes: Partial<Admission> = {}): Admission {
  return {
    issuer: issuerOf(),
    claims: claimsOf({ org: { id: "acme" } }),
    subject: "user-1",
    clientId: "app",
    tenant: undefined,
    granted: {
      issuer: "main",
      names: [`${API}/write:orders`],
      effective: new Set([`${API}/write:orders`, `${API}/read:orders`]),
    },
    expiresAtSeconds: NOW_SECONDS + 3600,
    ...changes,
  };
}

function callOf(changes: Partial<PermittedCall> = {}): PermittedCall {
  const file = policyFileWith({
    resourceServers: { [API]: { scopes: { "read:orders": "", "read:products": "", "write:orders": "" } } },
    upstreams: { orders: { url: "https://orders.example/base" } },
    routes: [{ path: "/orders/:id", methods: ["*"], scopes: ["read:orders", "read:products"], upstream: "orders" }],
  });
  const [route] = compiled(file).routes;
  if (route === undefined) throw new Error("no route");
  return { method: "GET", route, requestId: "request-1", path: "/orders/7", query: "?a=b", ...changes };
}

function assertionsOf(settings: Partial<AssertionSettings> = {}, binding: unknown = setOf(ec), now = () => NOW_MS) {
  return createAssertions({ ...SETTINGS, ...settings }, { KEYS: binding }, { now, sleep: never });
}

async function verified(text: string | Denial, keys: readonly JWK[]) {
  if (text instanceof Denial) throw new Error(text.detail);
  return await jwtVerify(text, createLocalJWKSet({ keys: keys.map(({ d: _, ...jwk }) => jwk) }), {
    audience: "internal.example",
    issuer: "https://gateway.example",
    typ: "txntoken+jwt",
    currentDate: new Date(NOW_MS),
  });
}

describe("an assertion", () => {
  it.each(["ES256", "EdDSA"] as const)(
    "is a Txn-Token that names the caller and the call, signed with %s",
    async (algorithm) => {
      const key = algorithm === "ES256" ? ec : ed;
      const { assertCaller } = assertionsOf({ algorithm }, setOf(key));
      const { payload, protectedHeader } = await verified(await assertCaller(tokenOf(), callOf()), [key]);
      expect(protectedHeader).toEqual({ alg: algorithm, kid: key.kid, typ: "txntoken+jwt" });
      expect(payload).toEqual({
        iss: "https://gateway.example",
        aud: "internal.example",
        iat: NOW_SECONDS,
        exp: NOW_SECONDS + 60,
        txn: expect.stringMatching(/^[0-9a-f-]{36}$/),
        sub: "user-1",
        sub_id: { format: "iss_sub", iss: issuerOf().issuer, sub: "user-1" },
        scope: `${API}/read:orders`,
        req_wl: "https://gateway.example",
        tctx: { client_id: "app", tenant: "acme" },
        rctx: { method: "GET", route: "/orders/:id" },
      });
    },
  );

  it("names the client where the token has no subject", async () => {
    const { payload } = await verified(await assertionsOf().assertCaller(tokenOf({ subject: undefined }), callOf()), [
      ec,
    ]);
    expect([payload.sub, payload["sub_id"]]).toEqual([
      "app",
      { format: "iss_sub", iss: issuerOf().issuer, sub: "app" },
    ]);
  });

  it.each([
    { name: "a number", sub: 7 },
    { name: "zero", sub: 0 },
    { name: "an empty text", sub: "" },
    { name: "false", sub: false },
    { name: "a list", sub: ["user-1"] },
    { name: "an object", sub: { id: "user-1" } },
  ])("does not take a subject for its client: $name", async ({ sub }) => {
    const token = tokenOf({ claims: claimsOf({ sub }), subject: typeof sub === "string" ? sub : undefined });
    for (const bindsRequest of [false, true]) {
      const denial = await assertionsOf({ bindsRequest }).assertCaller(token, callOf());
      expect(denial).toMatchObject({ reason: "claim-missing", detail: expect.stringContaining("`sub`") });
    }
  });

  it.each([{ sub: undefined }, { sub: null }])("names the client where the claim is $sub", async ({ sub }) => {
    const token = tokenOf({ claims: claimsOf({ sub }), subject: undefined });
    const { payload } = await verified(await assertionsOf().assertCaller(token, callOf()), [ec]);
    expect(payload.sub).toBe("app");
  });

  it("is refused where the token names nobody", async () => {
    const denial = await assertionsOf().assertCaller(tokenOf({ subject: undefined, clientId: undefined }), callOf());
    expect(denial).toMatchObject({ reason: "claim-missing" });
  });

  it("has the scopes that any message of an MCP route mentions", async () => {
    const tools = {
      get: { scopes: ["read:orders"] },
      put: { scopes: ["write:orders", "read:orders"] },
      list: { scopes: ["read:products"] },
    };
    const file = policyFileWith({
      resourceServers: { [API]: { scopes: { "read:orders": "", "read:products": "", "write:orders": "" } } },
      routes: [{ path: "/mcp", upstream: "orders", mcp: { tools } }],
    });
    const [route] = compiled(file).routes;
    if (route === undefined) throw new Error("no route");
    const { payload } = await verified(await assertionsOf().assertCaller(tokenOf(), callOf({ route })), [ec]);
    expect(payload["scope"]).toBe(`${API}/read:orders ${API}/write:orders`);
  });

  it("has an empty scope where the route mentions none", async () => {
    const { route } = callOf();
    const open = { ...route, requirement: { kind: "authenticated" as const } };
    const { payload } = await verified(await assertionsOf().assertCaller(tokenOf(), callOf({ route: open })), [ec]);
    expect(payload["scope"]).toBe("");
  });
});

describe("a bound assertion", () => {
  it("names path and query as the upstream gets them, and is signed for each request anew", async () => {
    const { assertCaller } = assertionsOf({ bindsRequest: true });
    const token = tokenOf();
    const [one, two] = [await assertCaller(token, callOf()), await assertCaller(token, callOf())];
    expect(one).not.toBe(two);
    const { payload } = await verified(one, [ec]);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode("a=b")));
    expect(payload).toMatchObject({
      txn: "request-1",
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      rctx: { method: "GET", route: "/orders/:id", path: "/base/orders/7", query_sha256: base64url.encode(digest) },
    });
  });

  it("hashes an absent query as an empty one", async () => {
    const { assertCaller } = assertionsOf({ bindsRequest: true });
    const { payload } = await verified(await assertCaller(tokenOf(), callOf({ query: "" })), [ec]);
    expect(payload).toMatchObject({ rctx: { query_sha256: "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU" } });
  });
});

describe("a signature", () => {
  it("serves one token, method and route for half a lifetime", async () => {
    let now = NOW_MS;
    const { assertCaller } = assertionsOf({}, setOf(ec), () => now);
    const token = tokenOf();
    const first = await assertCaller(token, callOf());
    now += 29_999;
    expect(assertCaller(token, callOf())).toBe(first);
    expect(await assertCaller(token, callOf({ method: "HEAD" }))).not.toBe(first);
    expect(await assertCaller(tokenOf(), callOf())).not.toBe(first);
    now += 1;
    expect(await assertCaller(token, callOf())).not.toBe(first);
    now = NOW_MS - 1;
    expect(await assertCaller(token, callOf())).not.toBe(first);
  });

  it("is reused for half a lifetime from its `iat`, which may be most of a second ago", async () => {
    let now = NOW_MS + 999;
    const { assertCaller } = assertionsOf({ ttlSeconds: 2 }, setOf(ec), () => now);
    const token = tokenOf();
    expect((await verified(await assertCaller(token, callOf()), [ec])).payload.exp).toBe(NOW_SECONDS + 2);
    const first = assertCaller(token, callOf());
    expect(typeof first).toBe("string");
    now += 1;
    expect(await assertCaller(token, callOf())).not.toBe(first);
  });
});

describe("the keys", () => {
  it("are published in their order, without their private halves", async () => {
    const { d: _, ...open } = ec;
    const keys = await assertionsOf({}, setOf(ec, ed)).publicKeys();
    expect(keys).toEqual([
      { ...open, use: "sig", alg: "ES256" },
      { kty: "OKP", crv: "Ed25519", x: ed.x, kid: "ed", use: "sig", alg: "EdDSA" },
    ]);
    expect(JSON.stringify(keys)).not.toContain(String(ec.d));
  });

  it.each([
    ["text", () => "no JSON", "is not a JWK Set"],
    ["a list", () => "[]", "is not a JWK Set"],
    ["no key", () => setOf(), "has no key"],
    ["a key that is no object", () => setOf(1), "is not an object"],
    ["no kid", () => setOf({ ...ec, kid: undefined }), "has no `kid`"],
    ["an empty kid", () => setOf({ ...ec, kid: "" }), "has no `kid`"],
    ["one kid twice", () => setOf(ec, { ...ed, kid: "ec" }), "two keys with one `kid`"],
    ["a public key", () => setOf({ ...ec, d: undefined }), "has no private half"],
    ["a symmetric key", () => setOf({ kty: "oct", k: "c2VjcmV0", kid: "s" }), "neither a P-256 nor an Ed25519 key"],
    ["an RSA key", () => setOf({ kty: "RSA", n: "AQAB", e: "AQAB", d: "AQAB", kid: "r" }), "neither a P-256"],
    ["a short private half", () => setOf({ ...ec, d: String(ec.d).slice(1) }), "wrong length or encoding"],
    ["a key for another algorithm", () => setOf({ ...ec, alg: "ES512" }), "`alg` of another kind"],
    ["a key for encryption", () => setOf({ ...ec, use: "enc" }), "another `use` than `sig`"],
    ["a key that only verifies", () => setOf({ ...ec, key_ops: ["verify"] }), "`key_ops` without `sign`"],
    ["a first key of the other kind", () => setOf(ed, ec), "first key that is not for ES256"],
    ["a point of small order", () => setOf(ec, { ...ed, x: "A".repeat(43) }), "public half that is no key"],
    ["halves of two keys", () => setOf({ ...ec, d: ed.d }), "halves do not belong together"],
    ["halves of two Ed25519 keys", () => setOf(ec, { ...ed, d: ec.d }), "halves do not belong together"],
  ])("are refused with %s, and nothing of the secret is repeated", async (_name, secret, why) => {
    const assertions = assertionsOf({}, secret());
    const fault = await assertions.keyFault();
    expect(fault?.message).toContain(why);
    expect(await assertions.assertCaller(tokenOf(), callOf())).toMatchObject({ reason: "policy-invalid" });
    expect(await assertions.publicKeys()).toMatchObject({ reason: "policy-invalid" });
    for (const part of [ec.d, ed.d, ec.x, "c2VjcmV0"]) expect(fault?.message).not.toContain(String(part));
  });

  it("of a store are read once a minute, and one that fails sends nothing", async () => {
    let now = NOW_MS;
    let reads = 0;
    let text: string | undefined = setOf(ec);
    const store = {
      get: async () => {
        reads += 1;
        if (text === undefined) throw new Error("no secret");
        return text;
      },
    };
    const { assertCaller, keyFault } = assertionsOf({}, store, () => now);
    const token = tokenOf();
    expect(keyFault()).toBeUndefined();
    await assertCaller(token, callOf());
    await assertCaller(token, callOf());
    expect(reads).toBe(1);
    now += 60_000;
    text = undefined;
    expect(await assertCaller(token, callOf())).toMatchObject({ reason: "upstream-unreachable" });
    text = setOf(ed, ec);
    expect(await assertCaller(token, callOf())).toMatchObject({ reason: "policy-invalid" });
    text = setOf({ ...ec, kid: "new" }, ec);
    const { protectedHeader } = await verified(await assertCaller(token, callOf()), [{ ...ec, kid: "new" }]).catch(
      (error: unknown) => Promise.reject(error),
    );
    expect(protectedHeader.kid).toBe("new");
  });
});
