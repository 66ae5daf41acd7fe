import { base64url, CompactSign, type CryptoKey, generateKeyPair } from "jose";
import type { VerificationKey } from "../../../src/keys/jwk/verification-key.ts";
import { ISSUER_URL } from "../policy/example-policy.ts";

/** The time at which the tests take place, in seconds since the epoch. */
export const NOW_SECONDS = 1_800_000_000;
export const NOW_MS = NOW_SECONDS * 1000;

/** A key pair of an issuer: it signs tokens, and `key` verifies them. */
export interface Signer {
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly key: VerificationKey;
}

/** A new key pair for one algorithm. RSA ones are slow to make: once per file. */
export async function createSigner(alg: string, kid = "key-1"): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, privateKey, key: { kid, cryptoKeys: new Map([[alg, publicKey]]) } };
}

/** Claims of an access token that every profile accepts. */
export function claimsOf(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    iss: ISSUER_URL,
    sub: "user-1",
    aud: "api",
    client_id: "admin",
    token_use: "access",
    scope: "",
    jti: "token-1",
    iat: NOW_SECONDS,
    exp: NOW_SECONDS + 3600,
    ...changes,
  };
}

/** A signed token. Members of `header` replace or join `alg` and `kid`; an `undefined` one is left out. */
export function signToken(
  { alg, privateKey, key }: Signer,
  claims: Readonly<Record<string, unknown>> = claimsOf(),
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg, kid: key.kid, ...header })
    .sign(privateKey);
}

/** A compact JWS of the given texts, whose signature holds for nothing. */
export function assemble(header: unknown, claims: unknown = claimsOf(), signature = "c2ln"): string {
  return [jsonPart(header), jsonPart(claims), signature].join(".");
}

/** One part of a compact JWS: the value as base64url JSON. */
export function jsonPart(value: unknown): string {
  return base64url.encode(JSON.stringify(value));
}
