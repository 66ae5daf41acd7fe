import { MAX_KEPT_KEYS } from "../limits.ts";
import type { KeySettings } from "../policy/policy.ts";
import type { ImportedKeys } from "./jwk/import-keys.ts";
import type { VerificationKey } from "./jwk/verification-key.ts";
import type { KeySet } from "./key-set.ts";

/** What an isolate holds of one issuer: the memory tier. Plain data, replaced as a whole. */
export interface Holding {
  /** What the issuer sent. */
  readonly keys: ImportedKeys;
  readonly etag: string | undefined;
  /** Keys that the issuer did not send any more but that still count for a while. */
  readonly kept: ReadonlyMap<string, KeptKey>;
  /** Both together, as they are used. */
  readonly set: KeySet;
  /** Whether the issuer has ever sent a key again that it had left out: its caches disagree. */
  readonly alternates: boolean;
  /** Epoch milliseconds from which a refresh is due. */
  readonly dueAt: number;
  /** Epoch milliseconds before which there is nothing to do: no refresh is due and no kept key expires. */
  readonly quietUntil: number;
}

export interface KeptKey {
  readonly key: VerificationKey;
  /** Epoch milliseconds from which it is worth asking again: as for the answer that had it. */
  readonly dueAt: number;
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

/** What to hold of one answer of the issuer, and of `kept` beside it. */
export function hold(
  { keys, etag, fetchedAt }: Fetched,
  settings: KeySettings,
  kept: ReadonlyMap<string, KeptKey> = new Map(),
  alternates = false,
): Holding {
  const all = new Set([...keys.values(), ...Array.from(kept.values(), ({ key }) => key)]);
  const byKid = new Map<string, VerificationKey[]>();
  for (const key of all) {
    const sameKid = byKid.get(key.kid);
    if (sameKid === undefined) byKid.set(key.kid, [key]);
    else sameKid.push(key);
  }
  const dueAt = Math.min(
    fetchedAt + settings.refreshAfterSeconds * 1000,
    ...Array.from(kept.values(), (key) => key.dueAt),
  );
  const quietUntil = Math.min(dueAt, ...Array.from(kept.values(), ({ until }) => until));
  return { keys, etag, kept, set: { fetchedAt, byKid, all }, alternates, dueAt, quietUntil };
}

/**
 * What to hold when a later answer of the issuer takes the place of what was held. If that was not due yet, a key that
 * the answer lacks counts on until its refresh would have been due, when the issuer is asked again, and for one cooldown
 * at most, in which that has to happen. Some issuers answer from several caches that disagree for a while; without that,
 * the tokens of one half would be refused in turn, and no look could help while it is too early for another.
 *
 * @param isScheduled the answer to the cron trigger: a key that it lacks is gone at once, which is how a removal can be
 * made to count early, unless the issuer is known to alternate
 */
export function replace(
  before: Holding,
  fetched: Fetched,
  settings: KeySettings,
  now: number,
  isScheduled = false,
): Holding {
  const alternates = before.alternates || Array.from(before.kept.keys()).some((text) => fetched.keys.has(text));
  if (isScheduled && !alternates) return hold(fetched, settings);
  const dueAt = before.set.fetchedAt + settings.refreshAfterSeconds * 1000;
  const until = Math.min(
    dueAt + settings.cooldownSeconds * 1000,
    before.set.fetchedAt + settings.maxStaleSeconds * 1000,
  );
  const kept = new Map<string, KeptKey>(before.kept);
  for (const [text, key] of before.keys) kept.set(text, { key, dueAt, until });
  for (const [text, { dueAt }] of kept) {
    if (fetched.keys.has(text) || dueAt <= now) kept.delete(text);
  }
  // Those that were missed first go first.
  for (const text of kept.keys()) {
    if (kept.size <= MAX_KEPT_KEYS) break;
    kept.delete(text);
  }
  return hold(fetched, settings, kept, alternates);
}

/** The same without the kept keys whose time is over. */
export function withoutExpired(holding: Holding, settings: KeySettings, now: number): Holding {
  const kept = new Map(Array.from(holding.kept).filter(([, { until }]) => now < until));
  if (kept.size === holding.kept.size) return holding;
  const { keys, etag, set, alternates } = holding;
  return hold({ keys, etag, fetchedAt: set.fetchedAt }, settings, kept, alternates);
}

/** All that is held, kept keys included, so that a key which comes back is the same object. */
export function knownKeys(holding: Holding | undefined): ImportedKeys {
  if (holding === undefined) return new Map();
  const known = new Map(holding.keys);
  for (const [text, { key }] of holding.kept) known.set(text, key);
  return known;
}
