import type { CryptoKey } from "jose";

/** One public key of an issuer, imported and ready to verify with. */
export interface VerificationKey {
  readonly kid: string;
  /** For an issuer with tenants: the `issuer` member of the key, as it is written. Left out: a key of every tenant. */
  readonly issuer?: string;
  /**
   * The imported key by JWS algorithm (RFC 7518 3.1): one entry for each algorithm on the issuer's allow list that fits
   * the key's `kty`, `crv`, `use`, `key_ops` and `alg`. There may be several, because WebCrypto ties an RSA key to one
   * padding and hash.
   */
  readonly cryptoKeys: ReadonlyMap<string, CryptoKey>;
}
