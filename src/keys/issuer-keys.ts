import { Denial } from "../answer/denial.ts";
import { KV_READ_TIMEOUT_MS, SINGLE_FLIGHT_GRACE_MS } from "../limits.ts";
import type { Issuer } from "../policy/policy.ts";
import type { FetchedKeySet } from "./cached-key-set.ts";
import * as clocks from "./fetch-clocks.ts";
import { createKeyEventLog, type KeyEventLog } from "./key-event-log.ts";
import type { KeyIo, WaitUntil } from "./key-io.ts";
import type { FoundKeys, KeySet, KeySource, LoadedKeySet } from "./key-set.ts";
import { KeyTiers, type StoreOutcome } from "./key-tiers.ts";
import { mayBeNewer, type UnknownKey } from "./may-be-newer.ts";
import { SingleFlight } from "./single-flight.ts";

/** What is known of a token whose key is unknown. */
type UnverifiedToken = Pick<UnknownKey, "unverifiedIssuedAtSeconds" | "arrivedAt">;

/** What `/_gateway/ready` reports about an issuer's keys. Nothing secret. */
export interface KeyStatus {
  readonly usable: boolean;
  readonly ageSeconds: number | undefined;
  readonly keyCount: number;
  readonly lastError: string | undefined;
}

/**
 * The keys of one issuer in one isolate: what happens to them, and when.
 *
 * | keys in memory  | event                             | what happens                                      | next    |
 * |-----------------|-----------------------------------|---------------------------------------------------|---------|
 * | none or expired | request                           | cold load: KV, then the issuer unless backed off  | loaded  |
 * | none or expired | request during a cold load        | waits until it has settled                        | loaded  |
 * | none or expired | cold load found nothing           | 503 `keys-unavailable`                            | same    |
 * | fresh           | request with a known `kid`        | served                                            | same    |
 * | fresh           | `refreshAfterSeconds` pass        |                                                   | stale   |
 * | stale           | request with a known `kid`        | served; refreshed in the background: KV, then the | fresh   |
 * |                 |                                   | issuer, unless that is pending or backed off      |         |
 * | stale           | `maxStaleSeconds` pass            |                                                   | expired |
 * | fresh or stale  | `kid` of a skipped key            | 401 `key-unknown`, without a lookup               | same    |
 * | fresh or stale  | unknown `kid`                     | lookup: KV, then the issuer; begins a gap         | loaded  |
 * | fresh or stale  | unknown `kid` during a lookup     | waits until it has settled, if a newer set could  | loaded  |
 * |                 |                                   | have the key                                      |         |
 * | fresh or stale  | unknown `kid` in the gap, or not  | 503 if a newer set could have the key; otherwise  | same    |
 * |                 | found by the lookup               | 401 `key-unknown`                                 |         |
 * | fresh or stale  | a lookup found no key that is new | the next gap is twice as long: 5 s to a cooldown  | same    |
 * | fresh or stale  | a lookup found one, or two        | the next gap is 5 s                               | same    |
 * |                 | cooldowns without unknown `kid`s  |                                                   |         |
 * | any             | cron trigger                      | asks the issuer                                   | loaded  |
 * | any             | the issuer answers                | its keys replace the others; the backoff ends     | fresh   |
 * | any             | the issuer fails                  | the keys stay; backoff of one cooldown            | same    |
 *
 * All state is plain data. It keeps no promise longer than one request; `SingleFlight` says why.
 */
export class IssuerKeys {
  readonly #issuer: Issuer;
  readonly #io: KeyIo;
  readonly #cooldownMs: number;
  readonly #log: KeyEventLog;
  readonly #tiers: KeyTiers;
  readonly #coldLoad: SingleFlight;
  readonly #backgroundRefresh: SingleFlight;
  readonly #kidLookup: SingleFlight;
  #clocks = clocks.INITIAL_CLOCKS;

  constructor(issuer: Issuer, io: KeyIo) {
    this.#issuer = issuer;
    this.#io = io;
    this.#cooldownMs = issuer.keys.cooldownSeconds * 1000;
    this.#log = createKeyEventLog(issuer, io.log);
    this.#tiers = new KeyTiers(issuer, io, this.#log);
    const limitMs = KV_READ_TIMEOUT_MS + issuer.keys.timeoutMs + SINGLE_FLIGHT_GRACE_MS;
    this.#coldLoad = new SingleFlight(io, limitMs);
    this.#backgroundRefresh = new SingleFlight(io, limitMs);
    this.#kidLookup = new SingleFlight(io, limitMs);
  }

  /**
   * Returns the keys in memory that may be used now, or `undefined`. Never waits. Starts a refresh in the background if
   * one is due.
   */
  current(waitUntil: WaitUntil): KeySet | undefined {
    const now = this.#io.now();
    const keys = this.#tiers.memory.usable(now);
    if (keys !== undefined && this.#tiers.memory.isRefreshDue(now)) {
      this.#refreshInBackground(() => this.#refreshFromKvOrIssuer(waitUntil), waitUntil);
    }
    return keys;
  }

  /**
   * Finds the keys of a `kid`: in memory, then in KV, then at the issuer. Looks up unknown `kid`s with a gap between
   * two lookups that grows to one cooldown, however many callers and `kid`s there are. A `Denial` is `key-unknown` or
   * `keys-unavailable`. Returns a promise only if memory does not have the keys.
   *
   * @param unverifiedIssuedAtSeconds `iat` of the token, `undefined` if it has none. A forged value only chooses the
   * refusal, and whether to wait for a pending lookup.
   */
  find(
    kid: string,
    unverifiedIssuedAtSeconds: number | undefined,
    waitUntil: WaitUntil,
  ): FoundKeys | Promise<FoundKeys | Denial> {
    const known = this.current(waitUntil)?.byKid.get(kid);
    if (known !== undefined) return { keys: known, source: "memory" };
    return this.#loadAndFind(kid, unverifiedIssuedAtSeconds, waitUntil);
  }

  async #loadAndFind(
    kid: string,
    unverifiedIssuedAtSeconds: number | undefined,
    waitUntil: WaitUntil,
  ): Promise<FoundKeys | Denial> {
    const arrivedAt = this.#io.now();
    const loaded = await this.ensureLoaded(waitUntil);
    if (loaded instanceof Denial) return loaded;
    const known = loaded.keys.byKid.get(kid);
    if (known !== undefined) return { keys: known, source: loaded.source };
    const token = { unverifiedIssuedAtSeconds, arrivedAt };
    const source = await this.#lookUp(kid, token, waitUntil);
    const found = this.current(waitUntil)?.byKid.get(kid);
    return found === undefined ? this.#notFound(kid, token) : { keys: found, source };
  }

  /** Returns the usable keys, reading KV and then the issuer if memory has none. A `Denial` is `keys-unavailable`. */
  async ensureLoaded(waitUntil: WaitUntil): Promise<LoadedKeySet | Denial> {
    const keys = this.current(waitUntil);
    if (keys !== undefined) return { keys, source: "memory" };
    const source = await this.#loadCold(waitUntil);
    const loaded = this.current(waitUntil);
    return loaded === undefined ? this.#unavailable(this.#clocks.issuerBackoffUntil) : { keys: loaded, source };
  }

  /** Asks the issuer even if the keys are fresh, and writes KV: for the cron trigger. Never rejects. */
  async refresh(waitUntil: WaitUntil): Promise<void> {
    // With the record of KV there is an entity tag to send, and an unchanged set is not written again.
    if (this.#tiers.memory.cached === undefined) this.#storeFromKv(await this.#tiers.readNewerFromKv());
    await this.#askIssuer(waitUntil, true);
  }

  status(): KeyStatus {
    const set = this.#tiers.memory.cached?.set;
    return {
      usable: set !== undefined && this.#tiers.freshness(set.fetchedAt) !== "expired",
      ageSeconds: set && Math.floor((this.#io.now() - set.fetchedAt) / 1000),
      keyCount: set?.all.size ?? 0,
      lastError: this.#log.lastError(),
    };
  }

  /** Fills an empty memory, or waits for the request that does. Returns the tier that this request read last. */
  async #loadCold(waitUntil: WaitUntil): Promise<KeySource> {
    if (this.#coldLoad.isPending) {
      await this.#coldLoad.waitUntilSettled();
      return "memory";
    }
    const now = this.#io.now();
    const tiers = clocks.coldLoadTiers(this.#clocks, now, this.#cooldownMs);
    if (tiers === "none") return "memory";
    this.#clocks = clocks.afterColdLoadBegan(this.#clocks, now);
    return this.#coldLoad.begin(async () => {
      const record = await this.#tiers.readNewerFromKv();
      if (record === undefined) {
        return tiers === "kv-then-issuer" && (await this.#askIssuer(waitUntil)) ? "issuer" : "memory";
      }
      this.#storeFromKv(record);
      const isFresh = this.#tiers.freshness(record.fetchedAt) === "fresh";
      if (!isFresh) this.#refreshInBackground(() => this.#askIssuer(waitUntil), waitUntil);
      return "kv";
    }, waitUntil);
  }

  #refreshInBackground(work: () => Promise<unknown>, waitUntil: WaitUntil): void {
    if (this.#backgroundRefresh.isPending) return;
    if (clocks.isBackedOff(this.#clocks, this.#io.now(), this.#cooldownMs)) return;
    void this.#backgroundRefresh.begin(work, waitUntil);
  }

  async #refreshFromKvOrIssuer(waitUntil: WaitUntil): Promise<void> {
    const record = await this.#tiers.readNewerFromKv();
    if (record !== undefined && this.#tiers.freshness(record.fetchedAt) === "fresh") this.#storeFromKv(record);
    else await this.#askIssuer(waitUntil);
  }

  /**
   * Looks up a `kid` that memory lacks, or waits for a lookup if that may find it: one that began before this request,
   * too. Returns the tier that this request read last.
   */
  async #lookUp(kid: string, token: UnverifiedToken, waitUntil: WaitUntil): Promise<KeySource> {
    if (this.#tiers.memory.isSkipped(kid)) return "memory";
    if (this.#kidLookup.isPending) {
      if (this.#mayBeNewer(token)) await this.#kidLookup.waitUntilSettled();
      return "memory";
    }
    const beganAt = this.#io.now();
    if (!clocks.mayLookUpKid(this.#clocks, beganAt, this.#cooldownMs)) return "memory";
    if (clocks.startsLookupsAnew(this.#clocks, beganAt, this.#cooldownMs)) this.#log.lookupsStartAnew();
    this.#clocks = clocks.afterKidLookupBegan(this.#clocks, beganAt, this.#cooldownMs);
    return this.#kidLookup.begin(async () => {
      const before = this.#tiers.memory.cached?.set.all ?? new Set();
      const source = await this.#lookUpFromKvOrIssuer(kid, beganAt, waitUntil);
      const after = this.#tiers.memory.cached?.set.all ?? new Set();
      if (!after.isSubsetOf(before)) {
        this.#clocks = clocks.afterKidLookupFound(this.#clocks, beganAt, this.#cooldownMs);
      }
      return source;
    }, waitUntil);
  }

  async #lookUpFromKvOrIssuer(kid: string, beganAt: number, waitUntil: WaitUntil): Promise<KeySource> {
    this.#storeFromKv(await this.#tiers.readNewerFromKv());
    if (this.#tiers.memory.cached?.set.byKid.has(kid)) return "kv";
    const hasAnswered = await this.#askIssuer(waitUntil);
    if (hasAnswered) this.#clocks = clocks.afterKidLookupAnswered(this.#clocks, beganAt);
    return "issuer";
  }

  /** Chooses the refusal of a `kid` that was not found. The token is refused either way: for now, or for good. */
  #notFound(kid: string, token: UnverifiedToken): Denial {
    if (this.#tiers.memory.isSkipped(kid))
      return new Denial("key-unknown", "The issuer's key of this kid cannot be used.");
    if (!this.#mayBeNewer(token)) {
      return new Denial("key-unknown", "The issuer's key set, read after the token was issued, has no such key.");
    }
    const until = this.#clocks.nextKidLookupAt;
    if (this.#log.lastError() !== undefined) return this.#unavailable(until, "The key set lacks the key.");
    this.#log.keyMayBeNew();
    return this.#unavailable(until, "key-may-be-new: The issuer may not have published the key yet.");
  }

  #unavailable(until: number, detail = "There are no usable keys."): Denial {
    const retryAfterSeconds = Math.max(1, Math.ceil((until - this.#io.now()) / 1000));
    return new Denial("keys-unavailable", [detail, this.#log.lastError()].join(" ").trim(), retryAfterSeconds);
  }

  #mayBeNewer(token: UnverifiedToken): boolean {
    return mayBeNewer({
      ...token,
      clockToleranceSeconds: this.#issuer.clockToleranceSeconds,
      publicationLagSeconds: this.#issuer.keys.publicationLagSeconds,
      fetchedAt: this.#tiers.memory.cached?.set.fetchedAt ?? 0,
      answeredLookupBeganAt: this.#clocks.answeredLookupBeganAt,
      now: this.#io.now(),
    });
  }

  /** Stores keys from KV in memory, if there are any. */
  #storeFromKv(fetched: FetchedKeySet | undefined): void {
    if (fetched !== undefined) this.#noteStored(this.#tiers.store(fetched, "kv", false));
  }

  /** Asks the issuer and stores its answer. Returns `false` if it failed; then the keys in memory stay. */
  async #askIssuer(waitUntil: WaitUntil, isScheduled = false): Promise<boolean> {
    const outcome = await this.#tiers.askIssuer(waitUntil, isScheduled);
    if (outcome === "failed") {
      this.#clocks = clocks.afterIssuerFailed(this.#clocks, this.#io.now(), this.#cooldownMs);
      return false;
    }
    this.#noteStored(outcome);
    return true;
  }

  #noteStored(outcome: StoreOutcome): void {
    if (outcome === "fresh") this.#clocks = clocks.afterFreshKeys(this.#clocks);
  }
}
