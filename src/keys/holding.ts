import type { KeySettings } from "../policy/policy.ts";
import type { ImportedKeys } from "./import-keys.ts";
import type { KeySet, VerificationKey } from "./key-set.ts";

/** What an isolate holds of one issuer: the memory tier. Plain data, replaced as a whole. */
export interface Holding {
  /** What the issuer sent. */
  readonly keys: ImportedKeys;
  readonly etag: string | undefined;
  /** Keys that the issuer did not send any more but that still count for a while. */
  readonly kept: ReadonlyMap<string, KeptKey>;
  /** Both together, as they are used. */
  readonly set: KeySet;
  /** Epoch milliseconds before which there is nothing to do: no refresh is due and no kept key expires. */
  readonly quietUntil: number;
}

export interface KeptKey {
  readonly key: VerificationKey;
  /** Epoch milliseconds from which it does not count any more. */
  readonly until: number;
}

/** Key material with the time at which the issuer was asked for it. */
export interface Fetched {
  readonly keys: ImportedKeys;
  /**
   * Entity tag of the issuer's answer. None if a key of that answer was skipped: "not modified" would keep the key out,
   * even after the policy or this code has learned to use it.
   */
  readonly etag: string | undefined;
  /** Epoch milliseconds. */
  readonly fetchedAt: number;
}

/** What to hold when nothing else counts: the outcome of an ordinary refresh, where a removed key is gone at once. */
export function hold(
  { keys, etag, fetchedAt }: Fetched,
  settings: KeySettings,
  kept: ReadonlyMap<string, KeptKey> = new Map(),
): Holding {
  const all = new Set([...keys.values(), ...Array.from(kept.values(), ({ key }) => key)]);
  const byKid = new Map<string, VerificationKey[]>();
  for (const key of all) {
    const sameKid = byKid.get(key.kid);
    if (sameKid === undefined) byKid.set(key.kid, [key]);
    else sameKid.push(key);
  }
  const dueAt = fetchedAt + settings.refreshAfterSeconds * 1000;
  const quietUntil = Math.min(dueAt, ...Array.from(kept.values(), ({ until }) => until));
  return { keys, etag, kept, set: { fetchedAt, byKid, all }, quietUntil };
}

/**
 * What to hold after a look for an unknown key: the new set, and for one cooldown what it lacks. Some issuers answer
 * from several caches that disagree for a while; replacing one set by the other at every look would refuse the tokens
 * of the first in turn. A key that is kept already gets no more time, and none outlives the bound of the set it was in.
 */
export function holdAfterLook(before: Holding, fetched: Fetched, settings: KeySettings, now: number): Holding {
  const until = Math.min(now + settings.cooldownSeconds * 1000, before.set.fetchedAt + settings.maxStaleSeconds * 1000);
  const kept = new Map<string, KeptKey>(before.kept);
  for (const [text, key] of before.keys) kept.set(text, { key, until });
  for (const [text, { until }] of kept) {
    if (fetched.keys.has(text) || until <= now) kept.delete(text);
  }
  return hold(fetched, settings, kept);
}

/** The same without the kept keys whose time is over. */
export function withoutExpired(holding: Holding, settings: KeySettings, now: number): Holding {
  const kept = new Map(Array.from(holding.kept).filter(([, { until }]) => now < until));
  if (kept.size === holding.kept.size) return holding;
  return hold({ keys: holding.keys, etag: holding.etag, fetchedAt: holding.set.fetchedAt }, settings, kept);
}

/** All that is held, kept keys included, so that a key which comes back is the same object. */
export function knownKeys(holding: Holding | undefined): ImportedKeys {
  if (holding === undefined) return new Map();
  const known = new Map(holding.keys);
  for (const [text, { key }] of holding.kept) known.set(text, key);
  return known;
}
