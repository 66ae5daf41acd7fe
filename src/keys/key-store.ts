import type { Denial } from "../answer/denial.ts";
import type { Issuer } from "../policy/policy.ts";
import type { VerificationKey } from "./jwk/verification-key.ts";
import type { WaitUntil } from "./key-io.ts";
import type { KeySet, KeySource } from "./key-set.ts";

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

/** What `/_gateway/ready` reports about an issuer's keys. Nothing secret. */
export interface KeyStatus {
  readonly usable: boolean;
  readonly ageSeconds: number | undefined;
  readonly keyCount: number;
  readonly lastError: string | undefined;
}

/** The keys of one issuer in one isolate. */
export interface IssuerKeys {
  /**
   * Returns the keys in memory that may be used now, or `undefined`. Never waits. Starts a refresh in the background if
   * one is due.
   */
  current(waitUntil: WaitUntil): KeySet | undefined;
  /**
   * Finds the keys of a `kid`: in memory, then in KV, then at the issuer. Asks the issuer for an unknown `kid` at most
   * once per cooldown, whatever the number of callers and `kid`s. A `Denial` is `key-unknown` or `keys-unavailable`.
   *
   * @param unverifiedIssuedAtSeconds `iat` of the token, `undefined` if it has none. A forged value only chooses between
   * the two refusals.
   */
  find(kid: string, unverifiedIssuedAtSeconds: number | undefined, waitUntil: WaitUntil): Promise<FoundKeys | Denial>;
  /** Returns the usable keys, reading KV and then the issuer if memory has none. A `Denial` is `keys-unavailable`. */
  ensureLoaded(waitUntil: WaitUntil): Promise<LoadedKeySet | Denial>;
  /** Asks the issuer whatever the age of the keys, and writes KV. Never rejects. */
  refresh(waitUntil: WaitUntil): Promise<void>;
  status(): KeyStatus;
}

/** The keys of all issuers of a policy. */
export interface KeyStore {
  /** The keys of one issuer. Throws for an issuer that the store was not made for: that is a bug. */
  of(issuer: Issuer): IssuerKeys;
  /** Asks every issuer and writes KV: for the cron trigger. Never rejects. */
  refreshAll(waitUntil: WaitUntil): Promise<void>;
}
