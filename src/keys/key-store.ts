import type { Denial } from "../answer/denial.ts";
import type { Issuer } from "../policy/policy.ts";
import type { KeySet, KeySource } from "./key-set.ts";

/** What outlives one request: `ctx.waitUntil` of the request or scheduled event being served. */
export type WaitUntil = (work: Promise<unknown>) => void;

/** A usable key set and where it was taken from just now. */
export interface LoadedKeySet {
  readonly keys: KeySet;
  readonly source: KeySource;
}

/** What `/_gateway/ready` says of an issuer's keys. Nothing secret. */
export interface KeyStatus {
  readonly usable: boolean;
  readonly ageSeconds: number | undefined;
  readonly keyCount: number;
  readonly lastError: string | undefined;
}

export interface KeyStore {
  /**
   * The keys in memory that may be used now, or `undefined`. Never waits; when they are aging, a refresh is started
   * behind the response.
   */
  current(issuer: Issuer, waitUntil: WaitUntil): KeySet | undefined;
  /** For when `current` has none: KV, then the issuer. A `Denial` is always `keys-unavailable`. */
  load(issuer: Issuer, waitUntil: WaitUntil): Promise<LoadedKeySet | Denial>;
  /**
   * For a `kid` that the usable keys lack: KV again, then the issuer, at most once per cooldown. The set returned has
   * the `kid`. A `Denial` is `key-unknown` or `keys-unavailable`.
   */
  seek(
    issuer: Issuer,
    kid: string,
    unverifiedIssuedAtSeconds: number | undefined,
    waitUntil: WaitUntil,
  ): Promise<LoadedKeySet | Denial>;
  /** Reads every issuer and writes KV: for the cron trigger. Never rejects. */
  refreshAll(waitUntil: WaitUntil): Promise<void>;
  status(issuer: Issuer): KeyStatus;
}
