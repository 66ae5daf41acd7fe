import { createHash } from "node:crypto";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import type { Claims } from "./signing-key.ts";

/** A client's key for proofs. */
export interface ProofKey {
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
  readonly privateJwk: JWK;
}

/** A new key. */
export async function createProofKey(alg = "ES256", options: { modulusLength?: number } = {}): Promise<ProofKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true, ...options });
  return { alg, privateKey, publicJwk: await exportJWK(publicKey), privateJwk: await exportJWK(privateKey) };
}

/** What `ath` must be for a token. */
export const hashOf = (token: string): string => createHash("sha256").update(token).digest("base64url");

/**
 * Signs a proof with any claims. Members of `header` replace or join `typ`, `alg` and `jwk`; `undefined` leaves one
 * out.
 */
export function signProof(
  { privateKey, alg, publicJwk }: ProofKey,
  claims: Claims,
  header: Claims = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ typ: "dpop+jwt", alg, jwk: publicJwk, ...header } as { alg: string })
    .sign(privateKey);
}

/** A proof with any header and any signature, also those that `jose` refuses to make. */
export function encodeProof(header: Claims, claims: Claims, signer: (text: string) => Buffer): string {
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${text}.${signer(text).toString("base64url")}`;
}
