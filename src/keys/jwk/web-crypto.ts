/**
 * The parameters of WebCrypto for a JWS algorithm. They serve to import a key and to verify: each call reads its own.
 */
export interface WebCryptoParameters {
  readonly name: string;
  readonly hash?: string;
  readonly namedCurve?: string;
  /** Bytes. */
  readonly saltLength?: number;
}

const rsa = (name: string, bits: number): WebCryptoParameters => ({ name, hash: `SHA-${bits}`, saltLength: bits / 8 });
const ecdsa = (curve: number, bits: number): WebCryptoParameters => ({
  name: "ECDSA",
  hash: `SHA-${bits}`,
  namedCurve: `P-${curve}`,
});

/**
 * By the name of the algorithm (RFC 7518 3.3 to 3.5, RFC 8037 3.1). The hash of an RSA key is part of the imported key;
 * a salt is as long as the hash. WebCrypto refuses a key of another curve.
 */
export const WEB_CRYPTO: ReadonlyMap<string, WebCryptoParameters> = new Map([
  ["RS256", rsa("RSASSA-PKCS1-v1_5", 256)],
  ["RS384", rsa("RSASSA-PKCS1-v1_5", 384)],
  ["RS512", rsa("RSASSA-PKCS1-v1_5", 512)],
  ["PS256", rsa("RSA-PSS", 256)],
  ["PS384", rsa("RSA-PSS", 384)],
  ["PS512", rsa("RSA-PSS", 512)],
  ["ES256", ecdsa(256, 256)],
  ["ES384", ecdsa(384, 384)],
  ["ES512", ecdsa(521, 512)],
  ["EdDSA", { name: "Ed25519" }],
  ["Ed25519", { name: "Ed25519" }],
]);
