import { base64url, CompactSign, exportSPKI } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { Denial } from "../../src/answer/denial.ts";
import type { VerificationKey } from "../../src/keys/jwk/verification-key.ts";
import { MAX_KEYS_TRIED } from "../../src/limits.ts";
import type { Issuer, Policy } from "../../src/policy/policy.ts";
import { type Verification, verifyToken } from "../../src/token/verify.ts";
import { FakeKeyStore, keySetOf } from "../support/keys/fake-key-store.ts";
import { API, clientOf, EXAMPLE_SCOPES, ISSUER_URL, issuerOf, policyOf } from "../support/policy/example-policy.ts";
import { accepted, outcomeOf } from "../support/token/outcome.ts";
import {
  assemble,
  claimsOf,
  createSigner,
  jsonPart,
  NOW_MS,
  NOW_SECONDS,
  type Signer,
  signToken,
} from "../support/token/tokens.ts";

let signer: Signer;
let stranger: Signer;

beforeAll(async () => {
  [signer, stranger] = await Promise.all([createSigner("ES256"), createSigner("ES256")]);
});

interface Setting {
  readonly issuer?: Issuer;
  readonly policy?: Policy;
  readonly keys?: FakeKeyStore;
}

/** Verifies at `NOW_MS`, by default against an ES256 issuer whose keys in memory hold the signer's. */
function verify(token: string, setting: Setting = {}): Promise<Verification | Denial> {
  const policy = setting.policy ?? policyOf([setting.issuer ?? issuerOf({ algorithms: new Set(["ES256"]) })]);
  const keys = setting.keys ?? new FakeKeyStore(keySetOf(signer.key));
  return verifyToken(token, { policy, keys, now: () => NOW_MS }, () => {});
}

describe("verifyToken", () => {
  it("tells what the token says once it is verified", async () => {
    const issuer = issuerOf({ algorithms: new Set(["ES256"]) });
    const claims = claimsOf({ scope: `${API}/write:orders openid` });
    const { token, keySource } = accepted(await verify(await signToken(signer, claims), { issuer }));
    expect(token).toEqual({
      issuer,
      claims,
      subject: "user-1",
      clientId: "admin",
      granted: {
        issuer: "main",
        names: [`${API}/write:orders`],
        effective: new Set([`${API}/write:orders`, `${API}/read:orders`]),
      },
      key: signer.key,
      expiresAtSeconds: NOW_SECONDS + 3600,
    });
    expect(token.key).toBe(signer.key);
    expect(keySource).toBe("memory");
  });

  it("takes a subject that is not a string for none", async () => {
    const { token } = accepted(await verify(await signToken(signer, claimsOf({ sub: 7 }))));
    expect(token.subject).toBeUndefined();
  });

  it.each(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"])(
    "verifies %s, and refuses it once a byte is changed",
    async (alg) => {
      const own = await createSigner(alg);
      const setting = {
        issuer: issuerOf({ algorithms: new Set([alg]) }),
        keys: new FakeKeyStore(keySetOf(own.key)),
      };
      const token = await signToken(own);
      expect(outcomeOf(await verify(token, setting))).toBe("accepted");
      expect(outcomeOf(await verify(withFlippedSignature(token), setting))).toBe("signature-invalid");
    },
    30_000,
  );

  it("ignores keys and addresses of keys that the token brings along", async () => {
    const header = {
      jku: "https://evil.example",
      x5u: "https://evil.example",
      x5c: ["AAAA"],
      jwk: { kty: "oct", k: "AA" },
    };
    expect(outcomeOf(await verify(await signToken(signer, claimsOf(), header)))).toBe("accepted");
    expect(outcomeOf(await verify(await signToken(stranger, claimsOf(), header)))).toBe("signature-invalid");
  });
});

describe("verifyToken refuses", () => {
  it("a signature of another key", async () => {
    expect(outcomeOf(await verify(await signToken(stranger)))).toBe("signature-invalid");
  });

  it("claims that were exchanged under a good signature", async () => {
    const [header, , signature] = (await signToken(signer)).split(".");
    const forged = [header, jsonPart(claimsOf({ sub: "root" })), signature].join(".");
    expect(outcomeOf(await verify(forged))).toBe("signature-invalid");
  });

  it("a header that was exchanged under a good signature", async () => {
    const [, payload, signature] = (await signToken(signer)).split(".");
    const forged = [jsonPart({ alg: "ES256", kid: "key-1", typ: "at+jwt" }), payload, signature].join(".");
    expect(outcomeOf(await verify(forged))).toBe("signature-invalid");
  });

  it.each(["", "AA", base64url.encode(new Uint8Array(64)), base64url.encode(new Uint8Array(65))])(
    "a made-up signature, such as '%s'",
    async (signature) => {
      const token = assemble({ alg: "ES256", kid: "key-1" }, claimsOf(), signature);
      expect(outcomeOf(await verify(token))).toBe("signature-invalid");
    },
  );

  it("a second spelling of a good token", async () => {
    const token = await signToken(signer);
    expect(outcomeOf(await verify(`${token}=`))).toBe("token-malformed");
    expect(outcomeOf(await verify(` ${token}`))).toBe("token-malformed");
    expect(outcomeOf(await verify(`${token}.`))).toBe("token-malformed");
  });

  it("an extension it does not know, though the signature is good", async () => {
    const token = await new CompactSign(new TextEncoder().encode(JSON.stringify(claimsOf())))
      .setProtectedHeader({ alg: "ES256", kid: "key-1", crit: ["b64"], b64: true })
      .sign(signer.privateKey);
    expect(outcomeOf(await verify(token))).toBe("token-malformed");
  });

  it.each([
    { name: "alg none", alg: "none" },
    { name: "alg none in capitals", alg: "NONE" },
    { name: "no alg at all", alg: "" },
    { name: "HMAC", alg: "HS256" },
    { name: "an asymmetric algorithm that is not on the list", alg: "RS256" },
    { name: "the right algorithm in lower case", alg: "es256" },
    { name: "the right algorithm with a space", alg: "ES256 " },
    { name: "an algorithm of encryption", alg: "RSA-OAEP" },
    { name: "an inherited name", alg: "constructor" },
  ])("$name, and looks no key up for it", async ({ alg }) => {
    const keys = new FakeKeyStore(keySetOf(signer.key));
    expect(outcomeOf(await verify(assemble({ alg, kid: "key-1" }, claimsOf(), ""), { keys }))).toBe(
      "algorithm-refused",
    );
    expect(keys.asked).toEqual([]);
  });

  it("an HMAC made with the public key as its secret", async () => {
    const publicKey = signer.key.cryptoKeys.get("ES256");
    if (publicKey === undefined) throw new Error("the signer lacks its public key");
    const secret = new TextEncoder().encode(await exportSPKI(publicKey));
    const token = await new CompactSign(new TextEncoder().encode(JSON.stringify(claimsOf())))
      .setProtectedHeader({ alg: "HS256", kid: "key-1" })
      .sign(secret);
    expect(outcomeOf(await verify(token))).toBe("algorithm-refused");
  });

  it.each([
    { name: "an issuer that is not known", iss: "https://evil.example", expected: "issuer-unknown" },
    { name: "the issuer with a slash behind", iss: `${ISSUER_URL}/`, expected: "issuer-unknown" },
    { name: "the issuer in capitals", iss: ISSUER_URL.toUpperCase(), expected: "issuer-unknown" },
    { name: "an empty issuer", iss: "", expected: "issuer-unknown" },
    { name: "no issuer", iss: undefined, expected: "claim-missing" },
    { name: "an issuer in a list", iss: [ISSUER_URL], expected: "claim-missing" },
    { name: "an issuer that is a number", iss: 1, expected: "claim-missing" },
  ])("$name, and looks no key up for it", async ({ iss, expected }) => {
    const keys = new FakeKeyStore(keySetOf(signer.key));
    expect(outcomeOf(await verify(await signToken(signer, claimsOf({ iss })), { keys }))).toBe(expected);
    expect(keys.asked).toEqual([]);
  });

  it("the wrong type of token, and looks no key up for it", async () => {
    const issuer = issuerOf({ profile: "rfc9068", algorithms: new Set(["ES256"]), audiences: new Set(["api"]) });
    const keys = new FakeKeyStore(keySetOf(signer.key));
    expect(outcomeOf(await verify(await signToken(signer), { issuer, keys }))).toBe("token-type-mismatch");
    expect(keys.asked).toEqual([]);
    const typed = await signToken(signer, claimsOf(), { typ: "at+jwt" });
    expect(outcomeOf(await verify(typed, { issuer, keys }))).toBe("accepted");
  });

  it.each([
    { name: "an expired token", changes: { exp: NOW_SECONDS - 5 }, expected: "token-expired" },
    { name: "a token of tomorrow", changes: { nbf: NOW_SECONDS + 86_400 }, expected: "token-not-yet-valid" },
    { name: "a token without exp", changes: { exp: undefined }, expected: "claim-missing" },
    { name: "an ID token", changes: { token_use: "id" }, expected: "token-type-mismatch" },
  ])("$name with a good signature", async ({ changes, expected }) => {
    expect(outcomeOf(await verify(await signToken(signer, claimsOf(changes))))).toBe(expected);
  });

  it("a bad signature before it judges the claims", async () => {
    const expired = await signToken(stranger, claimsOf({ exp: 0, token_use: "id" }));
    expect(outcomeOf(await verify(expired))).toBe("signature-invalid");
  });

  it("an exp too large for a number", async () => {
    const payload = base64url.encode(JSON.stringify(claimsOf({ exp: 0 })).replace('"exp":0', '"exp":1e999'));
    const token = await new CompactSign(base64url.decode(payload))
      .setProtectedHeader({ alg: "ES256", kid: "key-1" })
      .sign(signer.privateKey);
    expect(outcomeOf(await verify(token))).toBe("claim-missing");
  });
});

describe("verifyToken looks up the key", () => {
  it("in the issuer that the token names, never in another", async () => {
    const other = issuerOf({ name: "other", issuer: "https://other.example", algorithms: new Set(["ES256"]) });
    const policy = policyOf([issuerOf({ algorithms: new Set(["ES256"]) }), other]);
    const keys = new FakeKeyStore(keySetOf(signer.key));
    accepted(await verify(await signToken(signer, claimsOf({ iss: "https://other.example" })), { policy, keys }));
    expect(keys.asked).toEqual([`find other key-1 ${NOW_SECONDS}`]);
  });

  it("beyond memory when memory is empty", async () => {
    const keys = new FakeKeyStore();
    keys.loaded = { keys: keySetOf(signer.key), source: "kv" };
    expect(accepted(await verify(await signToken(signer), { keys })).keySource).toBe("kv");
    expect(keys.asked).toEqual([`find main key-1 ${NOW_SECONDS}`]);
  });

  it("once more when its kid is not there, with the time the token claims", async () => {
    const keys = new FakeKeyStore(keySetOf({ ...stranger.key, kid: "old" }));
    keys.sought = { keys: keySetOf(signer.key), source: "issuer" };
    expect(accepted(await verify(await signToken(signer), { keys })).keySource).toBe("issuer");
    expect(keys.asked).toEqual([`find main key-1 ${NOW_SECONDS}`]);
  });

  it.each([undefined, null, "0", true])("without a time when iat is %j", async (iat) => {
    const keys = new FakeKeyStore(keySetOf({ ...stranger.key, kid: "old" }));
    await verify(await signToken(signer, claimsOf({ iat })), { keys });
    expect(keys.asked).toEqual(["find main key-1 undefined"]);
  });

  it("without a time when iat is too large for a number", async () => {
    const keys = new FakeKeyStore(keySetOf({ ...stranger.key, kid: "old" }));
    const payload = base64url.encode(JSON.stringify(claimsOf({ iat: 0 })).replace('"iat":0', '"iat":1e999'));
    await verify([jsonPart({ alg: "ES256", kid: "key-1" }), payload, "c2ln"].join("."), { keys });
    expect(keys.asked).toEqual(["find main key-1 undefined"]);
  });

  it("and hands on that there are none, with the time to wait", async () => {
    const keys = new FakeKeyStore();
    const denial = await verify(await signToken(signer), { keys });
    expect(denial).toStrictEqual(keys.loaded);
    expect(denial).toMatchObject({ reason: "keys-unavailable", retryAfterSeconds: 30 });
  });

  it.each([new Denial("key-unknown"), new Denial("keys-unavailable", undefined, 12)])(
    "and hands on what was found out about an unknown kid: $reason",
    async (denial) => {
      const keys = new FakeKeyStore(keySetOf({ ...stranger.key, kid: "old" }));
      keys.sought = denial;
      expect(await verify(await signToken(signer), { keys })).toStrictEqual(denial);
    },
  );

  it("and does not look for a token without kid, even if there is one key", async () => {
    const keys = new FakeKeyStore(keySetOf(signer.key));
    expect(outcomeOf(await verify(await signToken(signer, claimsOf(), { kid: undefined }), { keys }))).toBe(
      "key-unknown",
    );
    expect(keys.asked).toEqual([]);
  });

  it("and does not look again because a signature is bad", async () => {
    const keys = new FakeKeyStore(keySetOf(signer.key));
    await verify(await signToken(stranger), { keys });
    expect(keys.asked).toEqual([`find main key-1 ${NOW_SECONDS}`]);
  });

  it("and takes a kid whose keys do not fit the algorithm for unknown", async () => {
    const keys = new FakeKeyStore(keySetOf({ kid: "key-1", cryptoKeys: new Map() }));
    expect(outcomeOf(await verify(await signToken(signer), { keys }))).toBe("key-unknown");
  });
});

describe("verifyToken with keys that share a kid", () => {
  /** Keys that fit and did not sign, as many as asked for. */
  function strangers(count: number): VerificationKey[] {
    return Array.from({ length: count }, () => ({ ...stranger.key }));
  }

  it("tries each key that fits, up to four", async () => {
    const keys = new FakeKeyStore(keySetOf(...strangers(MAX_KEYS_TRIED - 1), signer.key));
    expect(accepted(await verify(await signToken(signer), { keys })).token.key).toBe(signer.key);
  });

  it("never tries the fifth", async () => {
    const keys = new FakeKeyStore(keySetOf(...strangers(MAX_KEYS_TRIED), signer.key));
    expect(outcomeOf(await verify(await signToken(signer), { keys }))).toBe("signature-invalid");
  });

  it("does not count keys that do not fit", async () => {
    const unfit = Array.from({ length: 10 }, () => ({ kid: "key-1", cryptoKeys: new Map() }));
    const keys = new FakeKeyStore(keySetOf(...unfit, ...strangers(MAX_KEYS_TRIED - 1), signer.key));
    expect(outcomeOf(await verify(await signToken(signer), { keys }))).toBe("accepted");
  });

  it("goes on after a key that the crypto layer cannot use", async () => {
    const broken: VerificationKey = { kid: "key-1", cryptoKeys: new Map([["ES256", signer.privateKey]]) };
    const token = await signToken(signer);
    expect(outcomeOf(await verify(token, { keys: new FakeKeyStore(keySetOf(broken)) }))).toBe("signature-invalid");
    const keys = new FakeKeyStore(keySetOf(broken, signer.key));
    expect(outcomeOf(await verify(token, { keys }))).toBe("accepted");
  });
});

describe("verifyToken with registered clients only", () => {
  const issuer = issuerOf({ algorithms: new Set(["ES256"]), registeredClientsOnly: true });
  const client = clientOf("customer", [`${API}/read:orders`]);
  const policy = policyOf([issuer], EXAMPLE_SCOPES, { clients: new Map([[client.id, client]]) });
  const scope = `${API}/read:orders ${API}/write:products`;

  it("refuses a client that is not registered", async () => {
    const token = await signToken(signer, claimsOf({ client_id: "unknown" }));
    expect(outcomeOf(await verify(token, { policy }))).toBe("client-mismatch");
  });

  it("refuses a token that names no client", async () => {
    const generic = { ...issuer, profile: "generic", audiences: new Set(["api"]) } as const;
    const token = await signToken(signer, claimsOf({ client_id: undefined }));
    expect(outcomeOf(await verify(token, { policy: { ...policy, issuers: new Map([[ISSUER_URL, generic]]) } }))).toBe(
      "client-mismatch",
    );
  });

  it("holds a registered client to its scopes", async () => {
    const token = await signToken(signer, claimsOf({ client_id: "customer", scope }));
    expect(accepted(await verify(token, { policy })).token.granted.names).toEqual([`${API}/read:orders`]);
  });

  it("is what it takes: otherwise registration neither helps nor limits", async () => {
    const open = { ...policy, issuers: new Map([[ISSUER_URL, { ...issuer, registeredClientsOnly: false }]]) };
    const registered = await signToken(signer, claimsOf({ client_id: "customer", scope }));
    const unknown = await signToken(signer, claimsOf({ client_id: "unknown", scope }));
    const names = [`${API}/read:orders`, `${API}/write:products`];
    expect(accepted(await verify(registered, { policy: open })).token.granted.names).toEqual(names);
    expect(accepted(await verify(unknown, { policy: open })).token.granted.names).toEqual(names);
  });
});

describe("what a refusal tells the log", () => {
  const kid = "key-1";

  it.each([
    { name: "an unknown issuer", claims: { iss: "https://evil.example" }, iss: "https://evil.example" },
    { name: "an issuer that is no string", claims: { iss: 7 }, iss: undefined },
  ])("of an unverified token is its iss and kid: $name", async ({ claims, iss }) => {
    const denial = await verify(await signToken(signer, claimsOf(claims)));
    expect(Object(denial).token).toEqual({ isVerified: false, unverifiedIss: iss, unverifiedKid: kid });
  });

  it("of a token with an invalid signature is the same", async () => {
    const denial = await verify(withFlippedSignature(await signToken(signer)));
    expect(Object(denial).token).toEqual({ isVerified: false, unverifiedIss: ISSUER_URL, unverifiedKid: kid });
  });

  it("of a token that cannot be read is nothing", async () => {
    expect(Object(await verify("a.b.c")).token).toBeUndefined();
  });

  it.each([
    { name: "just expired", exp: NOW_SECONDS - 5, seconds: 5 },
    { name: "expired in the middle of a second", exp: NOW_SECONDS - 5.5, seconds: 5 },
    { name: "long expired", exp: NOW_SECONDS - 86_400, seconds: 86_400 },
    { name: "expired before all time", exp: -1e300, seconds: 1e300 },
  ])("of an expired token is whose it is, and for how long: $name", async ({ exp, seconds }) => {
    const claims = claimsOf({ exp, aud: ["a", "b"] });
    const denial = await verify(await signToken(signer, claims));
    expect(outcomeOf(denial)).toBe("token-expired");
    expect(Object(denial).token).toEqual({
      isVerified: true,
      issuer: ISSUER_URL,
      clientId: "admin",
      subject: "user-1",
      audience: ["a", "b"],
      expiredForSeconds: seconds,
    });
  });

  it("of another verified token is whose it is", async () => {
    const issuer = issuerOf({ algorithms: new Set(["ES256"]), registeredClientsOnly: true });
    const denial = await verify(await signToken(signer, claimsOf({ client_id: "x", sub: 7, aud: undefined })), {
      issuer,
    });
    expect(outcomeOf(denial)).toBe("client-mismatch");
    const { token } = Object(denial);
    expect(token).toMatchObject({ isVerified: true, issuer: ISSUER_URL, clientId: "x", expiredForSeconds: undefined });
    expect([token.subject, token.audience]).toEqual([undefined, undefined]);
  });

  it("is printed by nothing", async () => {
    const denial = await verify(await signToken(signer, claimsOf({ iss: "https://evil.example" })));
    expect(JSON.stringify(denial)).not.toContain("evil");
    expect(Object.keys(denial)).toEqual(["reason", "detail", "retryAfterSeconds", "entry"]);
  });
});

/** The token with one bit of its signature's first byte changed. */
function withFlippedSignature(token: string): string {
  const [header, payload, signature = ""] = token.split(".");
  const bytes = base64url.decode(signature);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return [header, payload, base64url.encode(bytes)].join(".");
}
