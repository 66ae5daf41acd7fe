import { MAX_RETAINED_KEYS, MAX_SKIPPED_KIDS } from "../limits.ts";
import type { KeySettings } from "../policy/policy.ts";
import type { ImportedKeys } from "./jwk/import-keys.ts";
import type { SkippedKey } from "./jwk/public-jwk.ts";
import type { VerificationKey } from "./jwk/verification-key.ts";
import type { KeySet } from "./key-set.ts";

/** Key material and the time at which the issuer was asked for it. */
export interface FetchedKeySet {
  readonly keys: ImportedKeys;
  /**
   * The keys of the same answer that cannot be used. A record of KV tells only those that cannot be imported from it.
   */
  readonly skipped: readonly SkippedKey[];
  /**
   * Entity tag of the issuer's answer. Absent if a key of that answer was skipped: a 304 would keep that key out even
   * after the policy or this code has learned to use it.
   */
  readonly etag: string | undefined;
  /** Epoch milliseconds. */
  readonly fetchedAt: number;
}

/** What an isolate has in memory of one issuer's keys. Plain data, replaced as a whole. */
export interface CachedKeySet {
  /** The usable keys of the latest answer. */
  readonly published: ImportedKeys;
  /**
   * The `kid`s of the latest answer whose keys cannot be used, at most `MAX_SKIPPED_KIDS`. A usable key or a retained
   * one may have the same `kid`.
   *
   * A record of KV holds usable keys only. So in an isolate that took its keys from KV, a skipped `kid` is an unknown
   * one until the isolate asks the issuer, at the price of one lookup.
   */
  readonly skippedKids: ReadonlySet<string>;
  readonly etag: string | undefined;
  /** Keys that the latest answer lacks but that still count for a while, by their canonical text. */
  readonly retained: ReadonlyMap<string, RetainedKey>;
  /** The published and the retained keys together, as they verify tokens. */
  readonly set: KeySet;
  /** Whether the issuer has ever sent a key again that it had left out: its caches disagree. */
  readonly isAlternating: boolean;
  /** Epoch milliseconds from which a refresh is due. */
  readonly refreshAt: number;
  /** Epoch milliseconds before which no refresh is due and no retained key expires. */
  readonly nothingDueBefore: number;
}

/** A key that the latest answer lacks. */
export interface RetainedKey {
  readonly key: VerificationKey;
  /** Epoch milliseconds from which to ask the issuer again: when the answer with the key would have become stale. */
  readonly refreshAt: number;
  /** Epoch milliseconds from which the key no longer counts. */
  readonly expiresAt: number;
}

/** Builds what an isolate caches: one answer of the issuer, and the keys that are retained beside it. */
export function cacheKeySet(
  { keys, skipped, etag, fetchedAt }: FetchedKeySet,
  settings: KeySettings,
  retained: ReadonlyMap<string, RetainedKey> = new Map(),
  isAlternating = false,
): CachedKeySet {
  const skippedKids = new Set<string>();
  for (const { kid } of skipped) {
    if (skippedKids.size === MAX_SKIPPED_KIDS) break;
    if (kid !== undefined) skippedKids.add(kid);
  }
  return withDerived({ published: keys, skippedKids, etag, retained, isAlternating }, fetchedAt, settings);
}

/**
 * Builds the key set to cache when a later answer of the issuer replaces the cached one.
 *
 * A key that the answer lacks is retained if the replaced set was not due for a refresh. The key then counts until that
 * refresh would have been due, because the issuer is asked again then. If no answer comes within one cooldown of that
 * time, the key no longer counts. Some issuers answer from several caches that disagree for a while. If their keys were
 * dropped at once, the gateway would refuse valid tokens of one half while it is too early for another lookup.
 *
 * @param isScheduled whether the cron trigger asked. Its answer drops the keys that it lacks at once, so that a removal
 * takes effect early, unless the issuer is known to alternate.
 */
export function mergeRefresh(
  before: CachedKeySet,
  fetched: FetchedKeySet,
  settings: KeySettings,
  now: number,
  isScheduled = false,
): CachedKeySet {
  const isAlternating =
    before.isAlternating || Array.from(before.retained.keys()).some((text) => fetched.keys.has(text));
  if (isScheduled && !isAlternating) return cacheKeySet(fetched, settings);
  const refreshAt = before.set.fetchedAt + settings.refreshAfterSeconds * 1000;
  const expiresAt = Math.min(
    refreshAt + settings.cooldownSeconds * 1000,
    before.set.fetchedAt + settings.maxStaleSeconds * 1000,
  );
  const retained = new Map<string, RetainedKey>(before.retained);
  for (const [text, key] of before.published) retained.set(text, { key, refreshAt, expiresAt });
  for (const [text, { refreshAt }] of retained) {
    if (fetched.keys.has(text) || refreshAt <= now) retained.delete(text);
  }
  // The keys that went missing first go first.
  for (const text of retained.keys()) {
    if (retained.size <= MAX_RETAINED_KEYS) break;
    retained.delete(text);
  }
  return cacheKeySet(fetched, settings, retained, isAlternating);
}

/** Returns the cached set without the retained keys that have expired; the same object if there are none. */
export function withoutExpired(cached: CachedKeySet, settings: KeySettings, now: number): CachedKeySet {
  const retained = new Map(Array.from(cached.retained).filter(([, { expiresAt }]) => now < expiresAt));
  if (retained.size === cached.retained.size) return cached;
  return withDerived({ ...cached, retained }, cached.set.fetchedAt, settings);
}

/** Returns all keys in memory, retained ones included, so that a key that comes back stays the same object. */
export function knownKeys(cached: CachedKeySet | undefined): ImportedKeys {
  if (cached === undefined) return new Map();
  const known = new Map(cached.published);
  for (const [text, { key }] of cached.retained) known.set(text, key);
  return known;
}

/** Adds what follows from the keys: the set that verifies tokens, and when there is next something to do. */
function withDerived(
  cached: Omit<CachedKeySet, "set" | "refreshAt" | "nothingDueBefore">,
  fetchedAt: number,
  settings: KeySettings,
): CachedKeySet {
  const retained = Array.from(cached.retained.values());
  const all = new Set([...cached.published.values(), ...retained.map(({ key }) => key)]);
  const byKid = new Map<string, VerificationKey[]>();
  for (const key of all) {
    const sameKid = byKid.get(key.kid);
    if (sameKid === undefined) byKid.set(key.kid, [key]);
    else sameKid.push(key);
  }
  const staleAt = fetchedAt + settings.refreshAfterSeconds * 1000;
  const refreshAt = Math.min(staleAt, ...retained.map((key) => key.refreshAt));
  const nothingDueBefore = Math.min(refreshAt, ...retained.map(({ expiresAt }) => expiresAt));
  return { ...cached, set: { fetchedAt, byKid, all }, refreshAt, nothingDueBefore };
}
