import { base64url, type CryptoKey } from "jose";
import { WEB_CRYPTO } from "../keys/jwk/web-crypto.ts";

const encoder = new TextEncoder();

/**
 * Whether the signature of a compact JWS is valid (RFC 7515 5.2). The caller must check that `token` has passed
 * `parseJws` and that `key` was imported for `alg`. The promise may reject; that means an invalid signature, too.
 * WebCrypto refuses an ECDSA signature whose length is not the curve's.
 */
export async function isSignatureValid(token: string, alg: string, key: CryptoKey): Promise<boolean> {
  const parameters = WEB_CRYPTO.get(alg);
  if (parameters === undefined) return false;
  const end = token.lastIndexOf(".");
  const signature = base64url.decode(token.slice(end + 1)) as Uint8Array<ArrayBuffer>;
  return crypto.subtle.verify(parameters, key, signature, encoder.encode(token.slice(0, end)));
}
