/** Proofs that attackers and careless clients send (RFC 9449 11), at the built Worker on workerd. */
import { createHmac, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { calculateJwkThumbprint, type JWK } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  DEFAULT_CLOCK_TOLERANCE_SECONDS,
  DEFAULT_PROOF_AGE_SECONDS,
  MAX_PROOF_BYTES,
  MAX_PROOF_ID_LENGTH,
} from "../../../src/limits.ts";
import { rawRequest } from "../../../src/local/raw-request.ts";
import { createNonces } from "../../../src/token/binding/dpop/nonces.ts";
import { statusAndReason } from "../../support/e2e/call.ts";
import { gatewayPolicy } from "../../support/e2e/gateway-policy.ts";
import { startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";
import { createProofKey, encodeProof, hashOf, type ProofKey, signProof } from "../../support/token/dpop-proof.ts";

type Claims = Readonly<Record<string, unknown>>;

const TARGET = "https://api.example/items/~a";
const PATH = "/items/~a";
const INVALID = "401 dpop-proof-invalid";
const MISMATCH = "401 token-binding-mismatch";
const NONCE_NEEDED = "401 dpop-nonce-required";
const SECRET = "n".repeat(32);
const NONCE_SECONDS = 3_600;

let issuer: TestIssuer;
let upstream: TestUpstream;
let gateway: TestGateway;
let withNonces: TestGateway;
let mine: ProofKey;
let token: string;

beforeAll(async () => {
  [mine, issuer, upstream] = await Promise.all([createProofKey(), startIssuer(), startUpstream()]);
  token = await boundTo(mine.publicJwk);
  const base = gatewayPolicy(issuer, upstream);
  const policy = {
    ...{ ...base, publicUrl: "https://api.example" },
    issuers: {
      issuer: { issuer: issuer.url, profile: "cognito", algorithms: ["ES256"], binding: { dpop: "required" } },
    },
    dpop: { algorithms: ["ES256", "EdDSA", "RS256"] },
    routes: [...base.routes, { path: "/items/:id", methods: ["GET"], authenticated: true, upstream: "echo" }],
  };
  const nonce = { secret: "NONCES", everySeconds: NONCE_SECONDS };
  gateway = await startGateway({ policy });
  withNonces = await startGateway({ policy: { ...policy, dpop: { nonce } }, vars: { NONCES: SECRET } });
}, 120_000);

afterAll(async () => {
  await Promise.all([gateway?.dispose(), withNonces?.dispose(), upstream?.stop(), issuer?.stop()]);
});

async function boundTo(jwk: JWK): Promise<string> {
  return issuer.token({ cnf: { jkt: await calculateJwkThumbprint(jwk) } });
}

function usualClaims(claims: Claims = {}, of = token): Claims {
  const iat = Math.floor(Date.now() / 1000);
  return { htm: "GET", htu: TARGET, iat, jti: randomUUID(), ath: hashOf(of), ...claims };
}

const proofWith = (claims: Claims, header: Claims = {}, key = mine): Promise<string> =>
  signProof(key, usualClaims(claims), header);

/** Refused requests reach no upstream. */
async function outcomeOf(dpop: string | string[], of = token, { origin } = gateway): Promise<string> {
  upstream.received.length = 0;
  const headers = { authorization: `DPoP ${of}`, dpop };
  const outcome = statusAndReason(await rawRequest({ origin, path: `${PATH}?q=1`, headers }));
  expect(upstream.received).toHaveLength(outcome === "200" ? 1 : 0);
  return outcome;
}

describe("the claim", () => {
  it.each([
    { name: "`htu` in upper case", htu: "HTTPS://API.EXAMPLE/items/~a", expected: "200" },
    { name: "`htu` with the default port", htu: "https://api.example:443/items/~a", expected: "200" },
    { name: "`htu` with a needless encoding", htu: "https://api.example/%69tems/%7Ea", expected: "200" },
    { name: "`htu` with another query and a fragment", htu: `${TARGET}?q=2#f`, expected: "200" },
    { name: "`htu` with dot segments", htu: "https://api.example/x/../items/./~a", expected: "200" },
    { name: "`htu` with another port", htu: "https://api.example:444/items/~a", expected: INVALID },
    { name: "`htu` with the port of http", htu: "https://api.example:80/items/~a", expected: INVALID },
    { name: "`htu` with another scheme", htu: "http://api.example/items/~a", expected: INVALID },
    { name: "`htu` with another host", htu: "https://api.example.evil/items/~a", expected: INVALID },
    { name: "`htu` with a host that ends in a dot", htu: "https://api.example./items/~a", expected: INVALID },
    { name: "`htu` with user information", htu: "https://api.example@evil.example/items/~a", expected: INVALID },
    { name: "`htu` with the gateway as user", htu: "https://me@api.example/items/~a", expected: INVALID },
    { name: "`htu` with a path in another case", htu: "https://api.example/Items/~a", expected: INVALID },
    { name: "`htu` with a slash at the end", htu: `${TARGET}/`, expected: INVALID },
    { name: "`htu` with two slashes", htu: "https://api.example//items/~a", expected: INVALID },
    { name: "`htu` with an encoded slash", htu: "https://api.example/items%2F~a", expected: INVALID },
    { name: "`htu` with `%` encoded twice", htu: "https://api.example/items/%257Ea", expected: INVALID },
    { name: "`htu` with a backslash", htu: "https://api.example\\items\\~a", expected: INVALID },
    { name: "`htu` with a line break", htu: "https://api.example/items/\n~a", expected: INVALID },
    { name: "`htu` with a space before it", htu: ` ${TARGET}`, expected: INVALID },
    { name: "`htu` without scheme", htu: "//api.example/items/~a", expected: INVALID },
    { name: "`htu` with the path alone", htu: PATH, expected: INVALID },
    { name: "`htu` in a list", htu: [TARGET], expected: INVALID },
    { name: "`htm` in lower case", htm: "get", expected: INVALID },
    { name: "`htm` of another method", htm: "POST", expected: INVALID },
    { name: "`htm` in a list", htm: ["GET"], expected: INVALID },
    { name: "`ath` of another token", ath: hashOf("another"), expected: INVALID },
    { name: "`ath` with padding", ath: () => `${hashOf(token)}=`, expected: INVALID },
    { name: "`ath` left out", ath: undefined, expected: INVALID },
    { name: "`jti` of the longest length", jti: () => randomUUID().padEnd(MAX_PROOF_ID_LENGTH, "x"), expected: "200" },
    { name: "`jti` of one character more", jti: "x".repeat(MAX_PROOF_ID_LENGTH + 1), expected: INVALID },
    { name: "`jti` of thousands of characters", jti: "x".repeat(4_000), expected: INVALID },
    { name: "empty `jti`", jti: "", expected: INVALID },
    { name: "`jti` that is a number", jti: 1, expected: INVALID },
    { name: "`iat` that is a text", iat: () => String(Math.floor(Date.now() / 1000)), expected: INVALID },
    { name: "`iat` in milliseconds", iat: () => Date.now(), expected: INVALID },
    { name: "`nonce` that is a number", nonce: 1, expected: INVALID },
  ])("$name: $expected", async ({ name: _, expected, ...claims }) => {
    const made = Object.entries(claims).map(([name, value]) => [name, typeof value === "function" ? value() : value]);
    expect(await outcomeOf(await proofWith(Object.fromEntries(made)))).toBe(expected);
  });

  const oldest = DEFAULT_PROOF_AGE_SECONDS + DEFAULT_CLOCK_TOLERANCE_SECONDS;
  it.each([
    { name: "just young enough", age: oldest - 5, expected: "200" },
    { name: "just too old", age: oldest + 2, expected: INVALID },
    { name: "at the edge of the future", age: 1 - DEFAULT_CLOCK_TOLERANCE_SECONDS, expected: "200" },
    { name: "too far in the future", age: -DEFAULT_CLOCK_TOLERANCE_SECONDS - 10, expected: INVALID },
  ])("`iat` $name: $expected", async ({ age, expected }) => {
    expect(await outcomeOf(await proofWith({ iat: Math.floor(Date.now() / 1000) - age }))).toBe(expected);
  });
});

describe("the key", () => {
  const decoded = (text: string | undefined) => Buffer.from(text ?? "", "base64url");
  const withZero = (text: string | undefined) => Buffer.concat([Buffer.alloc(1), decoded(text)]).toString("base64url");

  it("may have further members, and they are no part of its thumbprint", async () => {
    const jwk = { y: mine.publicJwk.y, use: "sig", kid: "k", extra: [1], ...mine.publicJwk };
    expect(await outcomeOf(await proofWith({}, { jwk }))).toBe("200");
    const whole = await issuer.token({ cnf: { jkt: hashOf(JSON.stringify(jwk)) } });
    expect(await outcomeOf(await signProof(mine, usualClaims({}, whole), { jwk }), whole)).toBe(MISMATCH);
  });

  it.each<{ name: string; jwk: () => unknown }>([
    { name: "with its private part", jwk: () => mine.privateJwk },
    { name: "with a shared secret", jwk: () => ({ ...mine.publicJwk, k: "AAAA" }) },
    { name: "with a leading zero", jwk: () => ({ ...mine.publicJwk, x: withZero(mine.publicJwk.x) }) },
    { name: "with padding", jwk: () => ({ ...mine.publicJwk, x: `${mine.publicJwk.x}=` }) },
    { name: "off its curve", jwk: () => ({ ...mine.publicJwk, y: mine.publicJwk.x }) },
    { name: "for encryption", jwk: () => ({ ...mine.publicJwk, use: "enc" }) },
    { name: "in a list", jwk: () => [mine.publicJwk] },
    { name: "left out", jwk: () => undefined },
  ])("$name is refused", async ({ jwk }) => {
    expect(await outcomeOf(await proofWith({}, { jwk: jwk() }))).toBe(INVALID);
  });

  it.each([
    { bits: 2048, isZero: false, expected: "200" },
    { bits: 2048, isZero: true, expected: INVALID },
    { bits: 1024, isZero: false, expected: INVALID },
  ])("of RSA with $bits bits, with a leading zero: $isZero, is $expected", async ({ bits, isZero, expected }) => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: bits });
    const plain = publicKey.export({ format: "jwk" }) as JWK;
    const jwk = { kty: "RSA", e: String(plain.e), n: isZero ? withZero(plain.n) : String(plain.n) };
    const bound = await boundTo(jwk);
    const header = { typ: "dpop+jwt", alg: "RS256", jwk };
    const proof = encodeProof(header, usualClaims({}, bound), (text) => sign("sha256", Buffer.from(text), privateKey));
    expect(await outcomeOf(proof, bound)).toBe(expected);
  });

  it("is no shared secret, and no proof is unsigned", async () => {
    const secret = Buffer.alloc(32, 1);
    const oct = { kty: "oct", k: secret.toString("base64url") };
    const hmac = (text: string) => createHmac("sha256", secret).update(text).digest();
    for (const jwk of [oct, mine.publicJwk]) {
      const bound = await boundTo(jwk);
      const claims = usualClaims({}, bound);
      for (const [alg, signer] of [
        ["HS256", hmac],
        ["none", () => Buffer.alloc(0)],
        ["none", hmac],
        ["ES256", hmac],
      ] as const) {
        expect(await outcomeOf(encodeProof({ typ: "dpop+jwt", alg, jwk }, claims, signer), bound)).toBe(INVALID);
      }
    }
  });
});

describe("the header", () => {
  it("has at most 8 KiB", async () => {
    const ofLength = (length: number) => proofWith({ pad: "x".repeat(length) });
    const start = (await ofLength(0)).length;
    const pad = Math.floor(((MAX_PROOF_BYTES - start) * 3) / 4);
    expect(await outcomeOf(await ofLength(pad - 3))).toBe("200");
    expect(await outcomeOf(await ofLength(pad + 3))).toBe(INVALID);
  });

  it("holds one proof", async () => {
    const [one, two] = [await proofWith({}), await proofWith({})];
    for (const joined of [`${one}, ${two}`, `${one},${two}`, `${one},`, `,${one}`, `${one} ${two}`, `DPoP ${one}`]) {
      expect(await outcomeOf(joined)).toBe(INVALID);
    }
    for (const twice of [
      [one, two],
      [one, one],
      [one, ""],
    ])
      expect(await outcomeOf(twice)).toBe(INVALID);
    expect(await outcomeOf(one)).toBe("200");
  });
});

it("a nonce counts in its time slot and the next", async () => {
  const nonces = createNonces(SECRET, NONCE_SECONDS);
  const others = createNonces("o".repeat(32), NONCE_SECONDS);
  const now = Date.now();
  const { current, previous } = await nonces(now);
  const proofOf = (nonce: string) => proofWith({ nonce });
  for (const nonce of [current, previous]) expect(await outcomeOf(await proofOf(nonce), token, withNonces)).toBe("200");
  const { previous: oldest } = await nonces(now - NONCE_SECONDS * 1000);
  const { current: next } = await nonces(now + NONCE_SECONDS * 1000);
  const { current: foreign } = await others(now);
  for (const nonce of [oldest, next, foreign, "", `${current}=`]) {
    expect(await outcomeOf(await proofOf(nonce), token, withNonces)).toBe(NONCE_NEEDED);
  }
});

it("a proof is used up, also with its other signature and at another time, and for its own key alone", async () => {
  const jti = randomUUID();
  const first = await proofWith({ jti });
  expect(await outcomeOf(first)).toBe("200");
  const again = await proofWith({ jti, iat: Math.floor(Date.now() / 1000) - 5 });
  for (const proof of [first, withOtherSignature(first), again]) expect(await outcomeOf(proof)).toBe(INVALID);
  const other = await createProofKey("EdDSA");
  const bound = await boundTo(other.publicJwk);
  expect(await outcomeOf(await signProof(other, usualClaims({ jti }, bound)), bound)).toBe("200");
});

/** The other valid form of an ECDSA signature: (r, n - s) for (r, s). Anybody can make it, without the key. */
function withOtherSignature(proof: string): string {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const [header, claims, signature] = proof.split(".");
  const hex = Buffer.from(signature ?? "", "base64url").toString("hex");
  const other = (order - BigInt(`0x${hex.slice(64)}`)).toString(16).padStart(64, "0");
  return `${header}.${claims}.${Buffer.from(hex.slice(0, 64) + other, "hex").toString("base64url")}`;
}
