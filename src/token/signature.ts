import { base64url, type CryptoKey } from "jose";

/**
 * What WebCrypto is told by JWS algorithm (RFC 7518 3.3 to 3.5, RFC 8037 3.1). The hash of an RSA key is part of the
 * imported key; salts are as long as the hash. An ECDSA signature of another length than the curve's does not hold.
 */
const PARAMETERS = new Map<string, SubtleCryptoSignAlgorithm>([
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
 * Whether the signature of a compact JWS holds (RFC 7515 5.2). `token` must have passed `parseJws`, and `key` must be
 * imported for `alg`; neither is checked here. May reject: that is a signature that does not hold, too.
 */
export async function isSignatureValid(token: string, alg: string, key: CryptoKey): Promise<boolean> {
  const parameters = PARAMETERS.get(alg);
  if (parameters === undefined) return false;
  const end = token.lastIndexOf(".");
  const signature = new Uint8Array(base64url.decode(token.slice(end + 1)));
  return await crypto.subtle.verify(parameters, key, signature, encoder.encode(token.slice(0, end)));
}
