import type { Issuer } from "../policy/policy.ts";
import { type FetchedKeySet, knownKeys } from "./cached-key-set.ts";
import { fetchJwks } from "./fetch-jwks.ts";
import { type Freshness, freshness } from "./freshness.ts";
import { importKeys } from "./jwk/import-keys.ts";
import type { KeyEventLog } from "./key-event-log.ts";
import type { KeyIo, WaitUntil } from "./key-io.ts";
import type { KeySource } from "./key-set.ts";
import { createKvTier, type KvTier } from "./kv-tier.ts";
import { MemoryTier } from "./memory-tier.ts";

/** How storing keys in memory ended. `superseded`: the answer to a later request is there already, and stays. */
export type StoreOutcome = "fresh" | "aging" | "superseded";

/**
 * The tiers of one issuer's keys in one isolate: memory, KV, and the issuer. Knows how to read and store each, and
 * nothing of when: `IssuerKeys` decides that.
 */
export class KeyTiers {
  readonly memory: MemoryTier;
  readonly #issuer: Issuer;
  readonly #io: KeyIo;
  readonly #log: KeyEventLog;
  readonly #kv: KvTier;

  constructor(issuer: Issuer, io: KeyIo, log: KeyEventLog) {
    this.memory = new MemoryTier(issuer.keys, log);
    this.#issuer = issuer;
    this.#io = io;
    this.#log = log;
    this.#kv = createKvTier(issuer, io, log);
  }

  /** How keys of this age may be used now. `fetchedAt` is epoch milliseconds. */
  freshness(fetchedAt: number): Freshness {
    return freshness(fetchedAt, this.#issuer.keys, this.#io.now());
  }

  /** Reads the record of KV, if it is usable and newer than the keys in memory. Stores nothing. Never rejects. */
  async readNewerFromKv(): Promise<FetchedKeySet | undefined> {
    const record = await this.#kv.read();
    if (record === undefined || this.freshness(record.fetchedAt) === "expired") return undefined;
    if (record.fetchedAt <= this.memory.fetchedAt(this.#io.now())) return undefined;
    const { keys, skipped } = await importKeys(record.keys, this.#issuer, knownKeys(this.memory.cached));
    if (keys.size === 0) return undefined;
    return { keys, skipped, etag: skipped.length === 0 ? record.etag : undefined, fetchedAt: record.fetchedAt };
  }

  /**
   * Asks the issuer, and stores its answer in memory and, behind the response, in KV. If the issuer fails, the keys in
   * memory stay. Never rejects. `isScheduled` is explained at `mergeRefresh`.
   */
  async askIssuer(waitUntil: WaitUntil, isScheduled: boolean): Promise<StoreOutcome | "failed"> {
    const before = this.memory.cached;
    // The time of the request, not of the response: a change made meanwhile may be missing from the response.
    const fetchedAt = this.#io.now();
    const answer = await fetchJwks(this.#issuer, { etag: before?.etag, keys: knownKeys(before) }, this.#io);
    if (!answer.ok) {
      const set = this.memory.cached?.set;
      const isStale = set !== undefined && this.freshness(set.fetchedAt) === "stale";
      this.#log.refreshFailed(answer.failure, isStale ? set.fetchedAt : undefined);
      return "failed";
    }
    const { value } = answer;
    if (value.kind === "keys") this.#log.keysSkipped(value.skipped);
    // An answer with skipped keys has no entity tag, so a 304 means that no key was skipped.
    const unchanged = { keys: before?.published ?? new Map(), skipped: [], etag: before?.etag };
    const { keys, skipped, etag } = value.kind === "keys" ? value : unchanged;
    const fetched = { keys, skipped, etag, fetchedAt };
    const outcome = this.store(fetched, "issuer", isScheduled);
    if (outcome !== "superseded") waitUntil(this.#kv.write(fetched));
    return outcome;
  }

  /** Stores keys in memory, unless newer ones are there. */
  store(fetched: FetchedKeySet, source: KeySource, isScheduled: boolean): StoreOutcome {
    if (!this.memory.store(fetched, source, this.#io.now(), isScheduled)) return "superseded";
    if (this.freshness(fetched.fetchedAt) !== "fresh") return "aging";
    this.#log.recovered();
    return "fresh";
  }
}
