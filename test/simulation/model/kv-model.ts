import type { KeyNamespace } from "../../../src/keys/key-io.ts";
import { KV_CACHE_SECONDS } from "../../../src/limits.ts";
import type { VirtualClock } from "../../support/keys/virtual-clock.ts";
import type { Tally } from "../tally.ts";
import type { Random } from "./random.ts";

/** The limits of Workers KV: https://developers.cloudflare.com/kv/concepts/how-kv-works/ */
const PROPAGATION_MS = 60_000;
const CACHE_MS = KV_CACHE_SECONDS * 1000;
const WRITE_INTERVAL_MS = 1_000;

interface Version {
  readonly value: string;
  readonly expiresAt: number;
  /** By location, epoch milliseconds. */
  readonly visibleFrom: Float64Array;
}

interface Cached {
  readonly value: string | null;
  readonly until: number;
}

/**
 * One key of Workers KV. A write is visible at once where it was made, and within a minute elsewhere. A location caches
 * what it has read, found or not, for 30 seconds. A second write within a second is refused. Nothing else fails.
 */
export class KvModel {
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #tally: Tally;
  readonly #caches: (Cached | undefined)[];
  #versions: Version[] = [];
  #lastWriteAt = Number.NEGATIVE_INFINITY;

  constructor(locations: number, clock: VirtualClock, random: Random, tally: Tally) {
    this.#clock = clock;
    this.#random = random;
    this.#tally = tally;
    this.#caches = Array.from({ length: locations });
  }

  /** The namespace as an isolate at that location sees it. */
  at(location: number): KeyNamespace {
    return {
      get: () => this.#read(location),
      put: (_key, value, { expirationTtl }) => this.#write(location, value, expirationTtl),
    };
  }

  async #read(location: number): Promise<string | null> {
    const now = this.#clock.now();
    this.#tally.count("kvReads", now);
    let cached = this.#caches[location];
    let latency = this.#random.between(1, 5);
    if (cached === undefined || now >= cached.until) {
      cached = { value: this.#visible(location, now), until: now + CACHE_MS };
      this.#caches[location] = cached;
      latency = this.#random.between(20, 250);
    }
    await this.#clock.sleep(latency);
    return cached.value;
  }

  async #write(location: number, value: string, expirationTtl: number): Promise<void> {
    const now = this.#clock.now();
    if (now - this.#lastWriteAt < WRITE_INTERVAL_MS) {
      this.#tally.count("kvWritesRefused", now);
      throw new Error("KV PUT failed: 429 Too Many Requests");
    }
    this.#lastWriteAt = now;
    this.#tally.count("kvWrites", now);
    const visibleFrom = Float64Array.from(this.#caches, () => now + this.#random.between(0, PROPAGATION_MS));
    visibleFrom[location] = now;
    this.#versions = this.#versions.filter((_, index, all) => {
      const next = all[index + 1];
      return next === undefined || next.visibleFrom.some((from) => from > now);
    });
    this.#versions.push({ value, expiresAt: now + expirationTtl * 1000, visibleFrom });
    this.#caches[location] = { value, until: now + CACHE_MS };
    await this.#clock.sleep(this.#random.between(50, 300));
  }

  #visible(location: number, now: number): string | null {
    const version = this.#versions.findLast(({ visibleFrom }) => now >= (visibleFrom[location] ?? 0));
    return version === undefined || now >= version.expiresAt ? null : version.value;
  }
}
