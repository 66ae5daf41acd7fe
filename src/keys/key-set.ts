import type { CryptoKey } from "jose";

/** One public key of an issuer, imported and ready to verify with. */
export interface VerificationKey {
  readonly kid: string;
  /**
   * The imported key by JWS algorithm (RFC 7518 3.1), for those algorithms of the issuer's allow list that its `kty`,
   * `crv`, `use`, `key_ops` and `alg` fit. WebCrypto ties an RSA key to one padding and hash, so there may be several.
   */
  readonly cryptoKeys: ReadonlyMap<string, CryptoKey>;
}

/** Where a key set was taken from, for the decision log. */
export type KeySource = "memory" | "kv" | "issuer";

/** An issuer's usable keys and when they were read from it. */
export interface KeySet {
  /** Epoch milliseconds at which the issuer sent them. */
  readonly fetchedAt: number;
  /** By `kid`; several where the issuer reuses one. */
  readonly byKid: ReadonlyMap<string, readonly VerificationKey[]>;
  /** All of them. A key that a refresh did not change is the same object, so that what it verified stays verified. */
  readonly all: ReadonlySet<VerificationKey>;
}
