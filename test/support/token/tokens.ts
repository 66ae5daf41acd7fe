import { base64url } from "jose";
import type { VerificationKey } from "../../../src/keys/jwk/verification-key.ts";
import { ISSUER_URL } from "../policy/example-policy.ts";
import { accessClaims, type Claims, createSigningKey, type SigningKey, signClaims } from "./signing-key.ts";

/** The time at which the tests take place, in seconds since the epoch. */
export const NOW_SECONDS = 1_800_000_000;
export const NOW_MS = NOW_SECONDS * 1000;

/** A key pair of an issuer, and its public key as the gateway has it once it is imported. */
export interface Signer extends SigningKey {
  readonly key: VerificationKey;
}

/** A new key pair for one algorithm. An RSA key takes a moment: make it once per file. */
export async function createSigner(alg: string, kid = "key-1"): Promise<Signer> {
  const pair = await createSigningKey(kid, alg);
  return { ...pair, key: { kid, cryptoKeys: new Map([[alg, pair.publicKey]]) } };
}

/** Claims of an access token that every profile accepts at `NOW_SECONDS`. */
export function claimsOf(changes: Claims = {}): Record<string, unknown> {
  const times = { iat: NOW_SECONDS, exp: NOW_SECONDS + 3600 };
  return accessClaims(ISSUER_URL, { aud: "api", client_id: "admin", ...times, ...changes });
}

/** A signed token. Members of `header` replace or join `alg` and `kid`; `undefined` leaves one out. */
export function signToken(signer: Signer, claims: Claims = claimsOf(), header: Claims = {}): Promise<string> {
  return signClaims(signer, claims, header);
}

/** A compact JWS with these parts. Its signature is invalid. */
export function assemble(header: unknown, claims: unknown = claimsOf(), signature = "c2ln"): string {
  return [jsonPart(header), jsonPart(claims), signature].join(".");
}

/** One part of a compact JWS: the value as base64url JSON. */
export function jsonPart(value: unknown): string {
  return base64url.encode(JSON.stringify(value));
}
