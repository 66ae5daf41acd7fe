import type { VerificationKey } from "./jwk/verification-key.ts";

/** The tier that keys came from, for the decision log. */
export type KeySource = "memory" | "kv" | "issuer";

/** An issuer's usable keys and when they were read from it. */
export interface KeySet {
  /** Epoch milliseconds at which the issuer was asked for them. */
  readonly fetchedAt: number;
  /** The keys by `kid`; several where the issuer reuses one. */
  readonly byKid: ReadonlyMap<string, readonly VerificationKey[]>;
  /** All keys. A key that a refresh did not change stays the same object, so remembered tokens stay verified. */
  readonly all: ReadonlySet<VerificationKey>;
}

/** A usable key set and the tier that it came from just now. */
export interface LoadedKeySet {
  readonly keys: KeySet;
  readonly source: KeySource;
}

/** The usable keys of one `kid` and the tier that they came from just now. */
export interface FoundKeys {
  /** Never empty; several where the issuer reuses the `kid`. */
  readonly keys: readonly VerificationKey[];
  readonly source: KeySource;
}
