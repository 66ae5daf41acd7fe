import { COLD_KV_RETRY_MS, FIRST_KID_LOOKUP_GAP_MS, QUIET_COOLDOWNS } from "../limits.ts";
import { isAhead } from "./is-ahead.ts";

/**
 * When one isolate may next ask for one issuer's keys. An immutable record; every transition below is a pure function
 * that returns the next one. Times are epoch milliseconds.
 */
export interface FetchClocks {
  /**
   * Until then a failed issuer is not asked for a cold load or a background refresh. Kid lookups have their own limit.
   */
  readonly issuerBackoffUntil: number;
  /** From then on a request without keys may read KV although the issuer is backed off. */
  readonly nextColdKvReadAt: number;
  /** From then on a request may look up an unknown `kid`. */
  readonly nextKidLookupAt: number;
  /** The gap between the latest lookup and `nextKidLookupAt`. Zero if the next lookup starts anew. */
  readonly kidLookupGapMs: number;
  /** When the latest of the lookups that the issuer has answered began; 0 if it has answered none. */
  readonly answeredLookupBeganAt: number;
}

/** The tiers that a request without usable keys may read. */
export type ColdLoadTiers = "kv-then-issuer" | "kv-only" | "none";

/** The clocks of an isolate that has asked for nothing yet. */
export const INITIAL_CLOCKS: FetchClocks = {
  issuerBackoffUntil: 0,
  nextColdKvReadAt: 0,
  nextKidLookupAt: 0,
  kidLookupGapMs: 0,
  answeredLookupBeganAt: 0,
};

/** Whether the issuer failed so recently that it is not asked. */
export function isBackedOff(clocks: FetchClocks, now: number, cooldownMs: number): boolean {
  return isAhead(clocks.issuerBackoffUntil, now, cooldownMs);
}

/**
 * Which tiers a request without usable keys may read. Another location may have written KV while the issuer is backed
 * off, so KV is still read, but not for every request of a flood.
 */
export function coldLoadTiers(clocks: FetchClocks, now: number, cooldownMs: number): ColdLoadTiers {
  if (!isBackedOff(clocks, now, cooldownMs)) return "kv-then-issuer";
  return isAhead(clocks.nextColdKvReadAt, now, COLD_KV_RETRY_MS) ? "none" : "kv-only";
}

/** Whether a request may look up an unknown `kid`. */
export function mayLookUpKid(clocks: FetchClocks, now: number, cooldownMs: number): boolean {
  return !isAhead(clocks.nextKidLookupAt, now, cooldownMs);
}

/** A cold load begins: the next one waits for `COLD_KV_RETRY_MS` unless the issuer may be asked. */
export function afterColdLoadBegan(clocks: FetchClocks, now: number): FetchClocks {
  return { ...clocks, nextColdKvReadAt: now + COLD_KV_RETRY_MS };
}

/**
 * Whether a lookup that begins now starts anew: nobody sent an unknown `kid` for two cooldowns in which one could have
 * been looked up. The cooldowns count from the end of the latest gap. If they counted from its beginning, an attacker
 * who pauses could make the gateway ask more often than one who does not.
 */
export function startsLookupsAnew(clocks: FetchClocks, now: number, cooldownMs: number): boolean {
  return clocks.kidLookupGapMs === 0 || now >= clocks.nextKidLookupAt + QUIET_COOLDOWNS * cooldownMs;
}

/**
 * A lookup of an unknown `kid` begins. The gap to the next one counts from here and even if the lookup fails: otherwise
 * an issuer that is down would be asked for every forged `kid`. The gap doubles each time, up to one cooldown. So one
 * forged `kid` just before a rotation delays valid callers by seconds, and a flood costs the issuer one request per
 * cooldown.
 */
export function afterKidLookupBegan(clocks: FetchClocks, now: number, cooldownMs: number): FetchClocks {
  const doubled = startsLookupsAnew(clocks, now, cooldownMs) ? FIRST_KID_LOOKUP_GAP_MS : 2 * clocks.kidLookupGapMs;
  const kidLookupGapMs = Math.min(doubled, cooldownMs);
  return { ...clocks, nextKidLookupAt: now + kidLookupGapMs, kidLookupGapMs };
}

/** The issuer has answered the lookup that began at `beganAt`. */
export function afterKidLookupAnswered(clocks: FetchClocks, beganAt: number): FetchClocks {
  return { ...clocks, answeredLookupBeganAt: Math.max(clocks.answeredLookupBeganAt, beganAt) };
}

/** The lookup that began at `beganAt` has found a key that memory lacked: the shortest gap follows it. */
export function afterKidLookupFound(clocks: FetchClocks, beganAt: number, cooldownMs: number): FetchClocks {
  const shortest = beganAt + Math.min(FIRST_KID_LOOKUP_GAP_MS, cooldownMs);
  return { ...clocks, nextKidLookupAt: Math.min(clocks.nextKidLookupAt, shortest), kidLookupGapMs: 0 };
}

/** The issuer failed: it is left alone for one cooldown. */
export function afterIssuerFailed(clocks: FetchClocks, now: number, cooldownMs: number): FetchClocks {
  return { ...clocks, issuerBackoffUntil: now + cooldownMs };
}

/** A fresh key set was cached, from whichever tier: the issuer may be asked again. */
export function afterFreshKeys(clocks: FetchClocks): FetchClocks {
  return { ...clocks, issuerBackoffUntil: 0 };
}
