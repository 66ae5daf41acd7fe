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
  /** Whether the latest lookup of an unknown `kid` got an answer from the issuer. */
  readonly issuerAnsweredLookup: boolean;
}

/** The tiers that a request without usable keys may read. */
export type ColdLoadTiers = "kv-then-issuer" | "kv-only" | "none";

/** The clocks of an isolate that has asked for nothing yet. */
export const INITIAL_CLOCKS: FetchClocks = {
  issuerBackoffUntil: 0,
  nextColdKvReadAt: 0,
  nextKidLookupAt: 0,
  issuerAnsweredLookup: false,
};

/** Whether the issuer failed so recently that it is not asked. */
export function isBackedOff(clocks: FetchClocks, now: number): boolean {
  return now < clocks.issuerBackoffUntil;
}

/**
 * Which tiers a request without usable keys may read. Another location may have written KV while the issuer is backed
 * off, so KV is still read, but not for every request of a flood.
 */
export function coldLoadTiers(clocks: FetchClocks, now: number): ColdLoadTiers {
  if (!isBackedOff(clocks, now)) return "kv-then-issuer";
  return now < clocks.nextColdKvReadAt ? "none" : "kv-only";
}

/** Whether a request may look up an unknown `kid`. */
export function mayLookUpKid(clocks: FetchClocks, now: number): boolean {
  return now >= clocks.nextKidLookupAt;
}

/** A cold load begins: the next one waits for `retryMs` unless the issuer may be asked. */
export function afterColdLoadBegan(clocks: FetchClocks, now: number, retryMs: number): FetchClocks {
  return { ...clocks, nextColdKvReadAt: now + retryMs };
}

/**
 * A lookup of an unknown `kid` begins. The cooldown counts from here even if the lookup fails: otherwise an issuer that
 * is down would be asked for every forged `kid`.
 */
export function afterKidLookupBegan(clocks: FetchClocks, now: number, cooldownMs: number): FetchClocks {
  return { ...clocks, nextKidLookupAt: now + cooldownMs, issuerAnsweredLookup: false };
}

/** The lookup has asked the issuer, which answered or failed. */
export function afterKidLookupAsked(clocks: FetchClocks, hasAnswered: boolean): FetchClocks {
  return { ...clocks, issuerAnsweredLookup: hasAnswered };
}

/** The issuer failed: it is left alone for one cooldown. */
export function afterIssuerFailed(clocks: FetchClocks, now: number, cooldownMs: number): FetchClocks {
  return { ...clocks, issuerBackoffUntil: now + cooldownMs };
}

/** A fresh key set was cached, from whichever tier: the issuer may be asked again. */
export function afterFreshKeys(clocks: FetchClocks): FetchClocks {
  return { ...clocks, issuerBackoffUntil: 0 };
}
