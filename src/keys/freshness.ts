import { KV_LAG_SECONDS, KV_READ_TIMEOUT_MS } from "../limits.ts";
import type { KeySettings } from "../policy/policy.ts";
import { haveSameMembers } from "./same-members.ts";

/** What may be done with a key set of some age. */
export type Use = "use" | "refresh-behind" | "unusable";

/**
 * Whether a key set may be used: younger than `refreshAfterSeconds` as it is, up to `maxStaleSeconds` while a newer one
 * is looked for, beyond that not at all. One from the future is unusable: its age cannot be told, so nothing bounds it.
 * `fetchedAt` and `now` are epoch milliseconds.
 */
export function decide(fetchedAt: number, settings: KeySettings, now: number): Use {
  const ageMs = now - fetchedAt;
  if (!(ageMs >= 0)) return "unusable";
  if (ageMs < settings.refreshAfterSeconds * 1000) return "use";
  return ageMs <= settings.maxStaleSeconds * 1000 ? "refresh-behind" : "unusable";
}

/** What is known when a token names a key that the key set lacks. */
export interface UnknownKey {
  /** `iat` of the token. Nobody vouches for it: it only chooses between two refusals. */
  readonly unverifiedIssuedAtSeconds: number | undefined;
  readonly clockToleranceSeconds: number;
  /** When the issuer was last read successfully, epoch milliseconds. */
  readonly fetchedAt: number;
  /** Whether the latest look for an unknown key reached the issuer and got an answer. */
  readonly issuerAnsweredLook: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Whether the key may be newer than the key set. If so, the token must not be called bad (503, not 401): after a
 * rotation it is a good one. If not, a key that signed it would have been in the set.
 *
 * A token that is not valid yet is refused with any key, so it never counts as newer. One without `iat` counts as newer
 * only until a look has asked the issuer.
 */
export function mayBeNewer(unknown: UnknownKey): boolean {
  const issuedAtSeconds = unknown.unverifiedIssuedAtSeconds;
  if (issuedAtSeconds === undefined || !Number.isFinite(issuedAtSeconds)) return !unknown.issuerAnsweredLook;
  const issuedAt = issuedAtSeconds * 1000;
  const tolerance = unknown.clockToleranceSeconds * 1000;
  if (issuedAt > unknown.now + tolerance) return false;
  return unknown.fetchedAt <= issuedAt + tolerance;
}

/** The record in KV as this isolate last saw it. */
export interface SeenRecord {
  /** Epoch milliseconds. */
  readonly fetchedAt: number;
  /** Its keys as canonical text. */
  readonly keys: ReadonlySet<string>;
}

/**
 * Whether a key set that the issuer just sent is worth a write: KV takes one write per second and key from the whole
 * world, so that an unchanged set is only written when the record is older than a quarter of `refreshAfterSeconds`.
 * `seen` is `undefined` when KV had no readable record, or was never looked at.
 *
 * Not half: the cron trigger comes every 300 s, which is half of the default 600 s. It would skip every write for which
 * it is a little early, and KV would be as old as memory when isolates turn to it: each would ask the issuer.
 */
export function isWorthWriting(
  keys: ReadonlySet<string>,
  seen: SeenRecord | undefined,
  settings: KeySettings,
  now: number,
): boolean {
  if (seen === undefined || !haveSameMembers(keys, seen.keys)) return true;
  return now - seen.fetchedAt > settings.refreshAfterSeconds * 250;
}

/** How long, in seconds, a key may still be accepted after every answer of the issuer lacks it. */
export interface RemovedKeyBound {
  /**
   * While requests keep coming, the issuer answers, and KV can be written. Each attempt in a row that fails adds the
   * time of a refresh and one cooldown.
   */
  readonly whileRefreshing: number;
  /** In any case: the issuer is down, or the isolate was idle and answers its first request from what it holds. */
  readonly atMost: number;
}

/**
 * The bound on the life of a removed key: the age at which a refresh begins, the time that this may take, and then the
 * longer of two ways in which the key may last. One is an isolate that an early answer had told of the removal: the key
 * counts on there for one cooldown. The other is an isolate that starts where KV still shows the old record, and uses it
 * until its own refresh is done.
 */
export function removedKeyBound(settings: KeySettings): RemovedKeyBound {
  const refreshSeconds = Math.ceil((KV_READ_TIMEOUT_MS + settings.timeoutMs) / 1000);
  const lastSeconds = Math.max(settings.cooldownSeconds, KV_LAG_SECONDS + refreshSeconds);
  const whileRefreshing = settings.refreshAfterSeconds + refreshSeconds + lastSeconds;
  return { whileRefreshing: Math.min(whileRefreshing, settings.maxStaleSeconds), atMost: settings.maxStaleSeconds };
}
