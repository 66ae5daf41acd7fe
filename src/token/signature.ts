import { base64url, type CryptoKey } from "jose";

/**
 * The parameters for WebCrypto by JWS algorithm (RFC 7518 3.3 to 3.5, RFC 8037 3.1). The hash of an RSA key is part of
 * the imported key; a salt is as long as the hash. WebCrypto refuses an ECDSA signature whose length is not the
 * curve's.
 */
const PARAMETERS = new Map<string, Parameters<SubtleCrypto["verify"]>[0]>([
  ["RS256", { name: "RSASSA-PKCS1-v1_5" }],
  ["RS384", { name: "RSASSA-PKCS1-v1_5" }],
  ["RS512", { name: "RSASSA-PKCS1-v1_5" }],
  ["PS256", { name: "RSA-PSS", saltLength: 32 }],
  ["PS384", { name: "RSA-PSS", saltLength: 48 }],
  ["PS512", { name: "RSA-PSS", saltLength: 64 }],
  ["ES256", { name: "ECDSA", hash: "SHA-256" }],
  ["ES384", { name: "ECDSA", hash: "SHA-384" }],
  ["ES512", { name: "ECDSA", hash: "SHA-512" }],
  ["EdDSA", { name: "Ed25519" }],
  ["Ed25519", { name: "Ed25519" }],
]);

const encoder = new TextEncoder();

/**
 * Whether the signature of a compact JWS is valid (RFC 7515 5.2). The caller must check that `token` has passed
 * `parseJws` and that `key` was imported for `alg`. The promise may reject; that means an invalid signature, too.
 */
export async function isSignatureValid(token: string, alg: string, key: CryptoKey): Promise<boolean> {
  const parameters = PARAMETERS.get(alg);
  if (parameters === undefined) return false;
  const end = token.lastIndexOf(".");
  const signature = new Uint8Array(base64url.decode(token.slice(end + 1)));
  return await crypto.subtle.verify(parameters, key, signature, encoder.encode(token.slice(0, end)));
}
