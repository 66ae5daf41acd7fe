import { calculateJwkThumbprint } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { MAX_PROOF_BYTES, MAX_PROOF_ID_LENGTH } from "../../../../src/limits.ts";
import { checkProof, type ProofContext } from "../../../../src/token/binding/dpop/proof.ts";
import { ProofKeys } from "../../../../src/token/binding/dpop/proof-keys.ts";
import { createProofKey, hashOf, type ProofKey, signProof } from "../../../support/token/dpop-proof.ts";
import type { Claims } from "../../../support/token/signing-key.ts";

const NOW = 1_800_000_000;
const TOKEN = "header.payload.signature";
const CONTEXT: ProofContext = {
  method: "GET",
  uri: "https://api.example.com/orders/7",
  tokenHash: hashOf(TOKEN),
  boundTo: "the thumbprint of no key",
  keys: new ProofKeys(),
  algorithms: new Set(["ES256", "EdDSA", "RS256"]),
  maxAgeSeconds: 60,
  clockToleranceSeconds: 5,
  nowMs: NOW * 1000,
};
const CLAIMS = { htm: "GET", htu: CONTEXT.uri, iat: NOW, jti: "proof-1", ath: hashOf(TOKEN) };

describe("checkProof", () => {
  let key: ProofKey;
  let rsa: ProofKey;
  beforeAll(async () => {
    key = await createProofKey();
    rsa = await createProofKey("RS256");
  });
  const proofOf = (claims: Claims = {}, header: Claims = {}): Promise<string> =>
    signProof(key, { ...CLAIMS, ...claims }, header);

  it.each(["ES256", "EdDSA", "RS256"])(
    "accepts a proof by %s, and returns what else there is to check",
    async (alg) => {
      const signer = await createProofKey(alg);
      const proof = await signProof(signer, { ...CLAIMS, nonce: "n" });
      expect(await checkProof(proof, CONTEXT)).toEqual({
        ok: true,
        value: {
          thumbprint: await calculateJwkThumbprint(signer.publicJwk),
          jti: "proof-1",
          nonce: "n",
          expiresAtMs: (NOW + 65) * 1000,
        },
      });
    },
  );

  it.each<{ name: string; claims?: Claims; header?: Claims; context?: Partial<ProofContext> }>([
    { name: "a query and a fragment in `htu`", claims: { htu: `${CONTEXT.uri}?a=1#b` } },
    { name: "a query in the request", context: { uri: `${CONTEXT.uri}?a=1` } },
    { name: "another spelling of the URI", claims: { htu: "HTTPS://API.example.com:443/x/../%6frders/7" } },
    { name: "the oldest `iat`", claims: { iat: NOW - 65 } },
    { name: "the latest `iat`", claims: { iat: NOW + 5 } },
    { name: "the longest `jti`", claims: { jti: "j".repeat(MAX_PROOF_ID_LENGTH) } },
    {
      name: "other claims and parameters",
      claims: { exp: 0, iss: 1 },
      header: { kid: "x", x5u: "https://evil.example" },
    },
    { name: "another method", claims: { htm: "DELETE" }, context: { method: "DELETE" } },
  ])("accepts $name", async ({ claims, header, context }) => {
    expect(await checkProof(await proofOf(claims, header), { ...CONTEXT, ...context })).toMatchObject({ ok: true });
  });

  it.each<{ name: string; claims?: Claims; header?: Claims; context?: Partial<ProofContext>; says: RegExp }>([
    { name: "another `typ`", header: { typ: "JWT" }, says: /`typ`/ },
    { name: "`typ` in another case", header: { typ: "DPOP+JWT" }, says: /`typ`/ },
    { name: "no `typ`", header: { typ: undefined }, says: /`typ`/ },
    { name: "an algorithm that is not accepted", context: { algorithms: new Set(["EdDSA"]) }, says: /`alg`/ },
    { name: "no key", header: { jwk: undefined }, says: /`jwk` is not an object/ },
    { name: "a key that is null", header: { jwk: null }, says: /`jwk` is not an object/ },
    { name: "an array for a key", header: { jwk: [] }, says: /kty-unsupported/ },
    { name: "a symmetric key", header: { jwk: { kty: "oct", k: "AAAA" } }, says: /symmetric/ },
    { name: "another method", claims: { htm: "POST" }, says: /`htm`/ },
    { name: "the method in lower case", claims: { htm: "get" }, says: /`htm`/ },
    { name: "no method", claims: { htm: undefined }, says: /`htm`/ },
    { name: "another path", claims: { htu: "https://api.example.com/orders/8" }, says: /`htu`/ },
    { name: "the path in another case", claims: { htu: "https://api.example.com/Orders/7" }, says: /`htu`/ },
    { name: "a slash at the end", claims: { htu: `${CONTEXT.uri}/` }, says: /`htu`/ },
    { name: "an encoded slash", claims: { htu: "https://api.example.com/orders%2F7" }, says: /`htu`/ },
    { name: "another host", claims: { htu: "https://evil.example/orders/7" }, says: /`htu`/ },
    { name: "another port", claims: { htu: "https://api.example.com:8443/orders/7" }, says: /`htu`/ },
    { name: "another scheme", claims: { htu: "http://api.example.com/orders/7" }, says: /`htu`/ },
    { name: "a path alone", claims: { htu: "/orders/7" }, says: /`htu`/ },
    { name: "a list of URIs", claims: { htu: [CONTEXT.uri] }, says: /`htu`/ },
    { name: "no URI", claims: { htu: undefined }, says: /`htu`/ },
    { name: "an `iat` just too old", claims: { iat: NOW - 66 }, says: /too old/ },
    { name: "an `iat` just too far ahead", claims: { iat: NOW + 6 }, says: /future/ },
    { name: "an `iat` that is a text", claims: { iat: String(NOW) }, says: /`iat`/ },
    { name: "no `iat`", claims: { iat: undefined }, says: /`iat`/ },
    { name: "no `jti`", claims: { jti: undefined }, says: /`jti`/ },
    { name: "an empty `jti`", claims: { jti: "" }, says: /`jti`/ },
    { name: "a `jti` just too long", claims: { jti: "j".repeat(MAX_PROOF_ID_LENGTH + 1) }, says: /`jti`/ },
    { name: "a `jti` that is a number", claims: { jti: 1 }, says: /`jti`/ },
    { name: "the hash of another token", claims: { ath: hashOf("other") }, says: /`ath`/ },
    { name: "a hash with padding", claims: { ath: `${hashOf(TOKEN)}=` }, says: /`ath`/ },
    { name: "no hash", claims: { ath: undefined }, says: /`ath`/ },
    { name: "a nonce that is no text", claims: { nonce: 1 }, says: /`nonce`/ },
    { name: "a proof of more than 8 KiB", claims: { pad: "x".repeat(MAX_PROOF_BYTES) }, says: /too long/ },
  ])("refuses $name", async ({ claims, header, context, says }) => {
    const result = await checkProof(await proofOf(claims, header), { ...CONTEXT, ...context });
    expect(result).toEqual({ ok: false, failure: expect.stringMatching(says) });
  });

  it.each<{ name: string; text: (proof: string) => string | null; says: RegExp }>([
    { name: "no header", text: () => null, says: /missing/ },
    { name: "an empty header", text: () => "", says: /exactly one JWT/ },
    { name: "two headers, joined by a comma", text: (proof) => `${proof}, ${proof}`, says: /exactly one JWT/ },
    { name: "two headers, joined without a space", text: (proof) => `${proof},${proof}`, says: /exactly one JWT/ },
    { name: "an empty header before the proof", text: (proof) => `, ${proof}`, says: /exactly one JWT/ },
    { name: "a proof without a signature", text: (proof) => proof.replace(/[^.]+$/, ""), says: /exactly one JWT/ },
    { name: "a fourth part", text: (proof) => `${proof}.AAAA`, says: /exactly one JWT/ },
    { name: "padding", text: (proof) => `${proof}==`, says: /exactly one JWT/ },
    { name: "a signature cut short", text: (proof) => proof.slice(0, -4), says: /signature is/ },
    { name: "another proof's signature", text: (proof) => proof.replace(/[^.]+$/, "A".repeat(86)), says: /signature/ },
  ])("refuses $name", async ({ text, says }) => {
    expect(await checkProof(text(await proofOf()), CONTEXT)).toEqual({
      ok: false,
      failure: expect.stringMatching(says),
    });
  });

  it("refuses an embedded private key", async () => {
    const proof = await proofOf({}, { jwk: key.privateJwk });
    expect(await checkProof(proof, CONTEXT)).toEqual({ ok: false, failure: expect.stringContaining("private") });
  });

  it("refuses the key of another client", async () => {
    const proof = await proofOf({}, { jwk: (await createProofKey()).publicJwk });
    expect(await checkProof(proof, CONTEXT)).toEqual({ ok: false, failure: "The proof's signature is invalid." });
  });

  it("refuses `none` and symmetric algorithms even if the caller names them", async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    for (const alg of ["none", "HS256"]) {
      const proof = `${part({ typ: "dpop+jwt", alg, jwk: key.publicJwk })}.${part(CLAIMS)}.AAAA`;
      expect(await checkProof(proof, CONTEXT)).toMatchObject({ ok: false });
      expect(await checkProof(proof, { ...CONTEXT, algorithms: new Set([alg]) })).toMatchObject({ ok: false });
    }
  });

  it("refuses an RSA key that is written with a leading zero, which has another thumbprint", async () => {
    const jwk = { ...rsa.publicJwk, e: "AAEAAQ" };
    expect(await checkProof(await signProof(rsa, CLAIMS, { jwk }), CONTEXT)).toEqual({
      ok: false,
      failure: expect.stringContaining("leading zero"),
    });
  });

  it("refuses an RSA key that is too short", async () => {
    const jwk = { ...rsa.publicJwk, n: String(rsa.publicJwk.n).slice(0, 172) };
    expect(await checkProof(await signProof(rsa, CLAIMS, { jwk }), CONTEXT)).toEqual({
      ok: false,
      failure: expect.stringMatching(/rsa-(too-short|malformed)/),
    });
  });

  it("refuses a `crit`", async () => {
    const [, payload, signature] = (await proofOf()).split(".");
    const header = Buffer.from(
      JSON.stringify({ typ: "dpop+jwt", alg: "ES256", jwk: key.publicJwk, crit: ["b64"], b64: true }),
    ).toString("base64url");
    expect(await checkProof(`${header}.${payload}.${signature}`, CONTEXT)).toEqual({
      ok: false,
      failure: expect.stringContaining("crit"),
    });
  });

  it("ignores members of the key that do not count", async () => {
    const jwk = { kid: 7, x5c: ["x"], ...key.publicJwk };
    const result = await checkProof(await proofOf({}, { jwk }), CONTEXT);
    expect(result).toMatchObject({ ok: true, value: { thumbprint: await calculateJwkThumbprint(key.publicJwk) } });
  });
});
