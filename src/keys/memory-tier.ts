import type { KeySettings } from "../policy/policy.ts";
import { type CachedKeySet, cacheKeySet, type FetchedKeySet, mergeRefresh, withoutExpired } from "./cached-key-set.ts";
import { freshness } from "./freshness.ts";
import type { KeyEventLog } from "./key-event-log.ts";
import type { KeySet, KeySource } from "./key-set.ts";

/** The keys of one issuer in the memory of one isolate. Only reads and replaces them; fetches nothing. */
export class MemoryTier {
  readonly #settings: KeySettings;
  readonly #log: KeyEventLog;
  #cached: CachedKeySet | undefined;

  constructor(settings: KeySettings, log: KeyEventLog) {
    this.#settings = settings;
    this.#log = log;
  }

  /** What is cached, whether or not it may still be used. */
  get cached(): CachedKeySet | undefined {
    return this.#cached;
  }

  /** Returns the keys that may be used now, fresh or stale. `now` is epoch milliseconds. */
  usable(now: number): KeySet | undefined {
    if (this.#cached === undefined) return undefined;
    const { nothingDueBefore, set } = this.#cached;
    if (now < nothingDueBefore && now >= set.fetchedAt) return set;
    this.#cached = withoutExpired(this.#cached, this.#settings, now);
    return freshness(set.fetchedAt, this.#settings, now) === "expired" ? undefined : this.#cached.set;
  }

  /**
   * When the cached keys were fetched, to compare with others: epoch milliseconds. `-Infinity` if there are none, or if
   * they are from the future: the clock was set back, and until it catches up they would keep out all others.
   */
  fetchedAt(now: number): number {
    const fetchedAt = this.#cached?.set.fetchedAt ?? Number.NEGATIVE_INFINITY;
    return fetchedAt <= now ? fetchedAt : Number.NEGATIVE_INFINITY;
  }

  /** Whether it is time for a refresh. */
  isRefreshDue(now: number): boolean {
    return this.#cached !== undefined && now >= this.#cached.refreshAt;
  }

  /** Whether the issuer's latest answer has a key of this `kid` that cannot be used. */
  isSkipped(kid: string): boolean {
    return this.#cached?.skippedKids.has(kid) ?? false;
  }

  /**
   * Caches newer keys, and logs whether that changes the usable ones. Returns `false` if the answer to a later request
   * is cached already; then that one stays. `isScheduled` is explained at `mergeRefresh`.
   */
  store(fetched: FetchedKeySet, source: KeySource, now: number, isScheduled: boolean): boolean {
    const before = this.#cached;
    const cachedAt = this.fetchedAt(now);
    if (fetched.fetchedAt < cachedAt) return false;
    // Keys from the future would be retained until the clock has caught up.
    const after =
      before === undefined || cachedAt === Number.NEGATIVE_INFINITY
        ? cacheKeySet(fetched, this.#settings)
        : mergeRefresh(before, fetched, this.#settings, now, isScheduled);
    this.#cached = after;
    const hasChanged = before === undefined || before.set.all.symmetricDifference(after.set.all).size > 0;
    if (hasChanged) this.#log.keysChanged(after.set, source);
    return true;
  }
}
