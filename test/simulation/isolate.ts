import { Denial } from "../../src/answer/denial.ts";
import type { IssuerFetch } from "../../src/keys/key-io.ts";
import type { KeySet } from "../../src/keys/key-set.ts";
import type { KeyStore, RequestKeys } from "../../src/keys/key-store.ts";
import { createKeyStore } from "../../src/keys/key-store.ts";
import type { Issuer } from "../../src/policy/policy.ts";
import type { VirtualClock } from "../support/keys/virtual-clock.ts";
import type { KvModel } from "./model/kv-model.ts";
import type { Random } from "./model/random.ts";
import type { Tally } from "./tally.ts";
import type { SampledToken, Timeline } from "./timeline.ts";

/** Everything that the isolates of a run share. */
export interface SimulatedWorld {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly timeline: Timeline;
  readonly tally: Tally;
  readonly kv: KvModel;
  readonly fetch: IssuerFetch;
  readonly issuer: Issuer;
}

/** A request is made at least this often, in case the simulation has missed a moment. */
const LONGEST_UNSEEN_MS = 5 * 60_000;
/** How often a withdrawn key is tried while it is accepted. */
const WITHDRAWN_INTERVAL_MS = 5_000;
/** How often a refused valid token is sent again: as often as a store without keys reads KV. */
const REFUSED_INTERVAL_MS = 1_000;

/** Makes the key store of one isolate: the real modules, in a modelled world. */
export function keyStoreAt(location: number, world: SimulatedWorld): KeyStore {
  const { clock, kv, fetch, issuer } = world;
  return createKeyStore({
    kv: kv.at(location),
    fetch,
    now: clock.now,
    sleep: clock.sleep,
    log: () => {},
    issuers: [issuer],
  });
}

/**
 * One isolate and its traffic.
 *
 * The simulation does not make all its requests. It makes those that can change something or get another answer than
 * the request before: the first after each *moment*. A moment is the start, a change at the issuer, the time when a
 * refresh is due, the end of background work, the end of a cooldown, and the next try of a refused token or withdrawn
 * key. Requests arrive without memory (a Poisson process), so the gap between a moment and the first request is
 * exponential.
 */
export class Isolate {
  readonly #world: SimulatedWorld;
  readonly #keys: RequestKeys;
  readonly #requestsPerSecond: number;
  #isAlive = true;
  #plan = 0;
  #working = 0;
  #workEndedAt = Number.NEGATIVE_INFINITY;
  /** When the next lookup of an unknown `kid` may begin, epoch milliseconds. */
  #nextForgeryAt = Number.NEGATIVE_INFINITY;
  /** Since when and for which reason valid tokens are refused, by `kid`. */
  readonly #refusals = new Map<string, { since: number; reason: Denial["reason"] }>();

  constructor(location: number, requestsPerSecond: number, world: SimulatedWorld) {
    this.#world = world;
    this.#keys = keyStoreAt(location, world).of(world.issuer);
    this.#requestsPerSecond = requestsPerSecond;
    world.tally.births += 1;
    this.#visitAfter(world.clock.now());
  }

  /** Ends its traffic. */
  stop(): void {
    this.#isAlive = false;
    for (const kid of this.#refusals.keys()) this.#accepted(kid);
  }

  #visitAfter(moment: number): void {
    const plan = ++this.#plan;
    const { clock, random } = this.#world;
    clock.at(Math.max(moment, clock.now()) + random.exponential(1000 / this.#requestsPerSecond), () => {
      if (plan === this.#plan && this.#isAlive) this.#visit();
    });
  }

  #visit(): void {
    const { clock, random, timeline, tally } = this.#world;
    const now = clock.now();
    tally.visits += 1;
    const keys = this.#keys.current(this.#behind);
    for (const token of timeline.validTokens(now, random.next())) {
      if (keys?.byKid.has(token.kid)) this.#accepted(token.kid);
      // Two at once: the second waits for the lookup of the first.
      else for (const _ of [1, 2]) void this.#find(token);
    }
    let next = Math.min(now + LONGEST_UNSEEN_MS, timeline.nextMoment(now), this.#nextRefresh(keys));
    for (const { kid, at } of timeline.withdrawnAt(now)) {
      if (!keys?.byKid.has(kid)) continue;
      tally.removedKeyAccepted(kid, now - at);
      next = Math.min(next, now + WITHDRAWN_INTERVAL_MS);
    }
    if (this.#refusals.size > 0) next = Math.min(next, now + REFUSED_INTERVAL_MS);
    if (timeline.isFlood(now)) {
      if (now >= this.#nextForgeryAt) void this.#forge(now);
      next = Math.min(next, this.#nextForgeryAt);
    }
    this.#visitAfter(next);
  }

  /** When a request next starts a refresh. */
  #nextRefresh(keys: KeySet | undefined): number {
    if (keys === undefined || this.#working > 0) return Number.POSITIVE_INFINITY;
    const { refreshAfterSeconds, cooldownSeconds } = this.#world.issuer.keys;
    return Math.max(keys.fetchedAt + refreshAfterSeconds * 1000, this.#workEndedAt + cooldownSeconds * 1000);
  }

  async #find({ kid, issuedAtSeconds }: SampledToken): Promise<void> {
    const { clock } = this.#world;
    const sentAt = clock.now();
    const found = await this.#keys.find(kid, issuedAtSeconds, this.#behind);
    if (!this.#isAlive) return;
    if (!(found instanceof Denial)) return this.#accepted(kid);
    const refusal = this.#refusals.get(kid);
    // After a refusal for good, the caller does not come back with this token.
    if (refusal === undefined) this.#refusals.set(kid, { since: sentAt, reason: found.reason });
    else if (found.reason === "key-unknown") refusal.reason = found.reason;
    this.#world.tally.lastRefusedAt = clock.now();
    this.#visitAfter(clock.now() + REFUSED_INTERVAL_MS);
  }

  /** Ends a span in which valid tokens were refused, and counts all requests that could have arrived in it. */
  #accepted(kid: string): void {
    const refusal = this.#refusals.get(kid);
    if (refusal === undefined) return;
    this.#refusals.delete(kid);
    const { clock, tally } = this.#world;
    const requests = (this.#requestsPerSecond * (clock.now() - refusal.since)) / 1000;
    tally.count(refusal.reason === "key-unknown" ? "refused" : "deferred", refusal.since, requests);
  }

  /**
   * Sends a forged token: with a `kid` that no issuer has, and issued now, which makes the gateway look it up. The next
   * one comes when the gateway may look up a `kid` again. Those in between change nothing.
   */
  async #forge(now: number): Promise<void> {
    const { clock, random } = this.#world;
    this.#nextForgeryAt = Number.POSITIVE_INFINITY;
    const refusal = await this.#keys.find(`forged-${random.next()}`, Math.floor(now / 1000), this.#behind);
    const seconds = refusal instanceof Denial ? refusal.retryAfterSeconds : undefined;
    this.#nextForgeryAt = clock.now() + (seconds ?? 0) * 1000;
    if (this.#isAlive) this.#visitAfter(clock.now());
  }

  readonly #behind = (work: Promise<unknown>): void => {
    this.#working += 1;
    void work.then(() => {
      this.#working -= 1;
      this.#workEndedAt = this.#world.clock.now();
      if (this.#isAlive) this.#visitAfter(this.#workEndedAt);
    });
  };
}
