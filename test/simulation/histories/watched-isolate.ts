import { Denial } from "../../../src/answer/denial.ts";
import type { IssuerFetch } from "../../../src/keys/key-io.ts";
import { createKeyStore, type KeyStore, type RequestKeys } from "../../../src/keys/key-store.ts";
import { removedKeyBound } from "../../../src/keys/removed-key-bound.ts";
import { KV_READ_TIMEOUT_MS, SINGLE_FLIGHT_GRACE_MS } from "../../../src/limits.ts";
import { ISSUER } from "../../support/keys/virtual-world.ts";
import { BAD_ANSWERS } from "./bad-answers.ts";
import type { HistoryWorld } from "./history-world.ts";
import { KIDS } from "./published-keys.ts";

/** A key that the issuer never publishes, except in answers that must not count. */
export const FORGED_KID = "forged";
/** How much later than the model's requests something may happen: a request comes first, and takes its time. */
const SLACK_MS = 15_000;

/**
 * One isolate with the real key store, and what its users were promised. The promises are those of the guide on keys.
 */
export class WatchedIsolate {
  readonly #world: HistoryWorld;
  readonly #store: KeyStore;
  readonly #keys: RequestKeys;
  readonly #bornAt: number;
  readonly #skewMs: number;
  /** When the issuer was asked for the latest good answer with a key, and when that answer had come, by `kid`. */
  readonly #received = new Map<string, { readonly askedAt: number; readonly at: number }>();
  #isAlive = true;
  #scheduled = 0;
  #found = 0;
  asked = 0;
  accepted = 0;

  constructor(location: number, world: HistoryWorld) {
    const { clock, random, settings } = world;
    this.#world = world;
    this.#bornAt = clock.now();
    this.#skewMs = Math.round(random.between(-world.mostSkewMs, world.mostSkewMs));
    const issuer = { ...ISSUER, keys: settings };
    this.#store = createKeyStore({
      kv: world.kvAt(location),
      fetch: this.#fetch,
      now: () => clock.now() + this.#skewMs,
      sleep: clock.sleep,
      log: ({ change }) => {
        if (change === "refreshed") this.#found += 1;
      },
      issuers: [issuer],
    });
    this.#keys = this.#store.of(issuer);
    this.#visitLater();
  }

  stop(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    const { clock, settings, violated } = this.#world;
    const seconds = (clock.now() - this.#bornAt) / 1000;
    // Lookups and retries after a failure: one per cooldown each. A lookup that finds a key starts the short gaps anew.
    const most =
      6 +
      4 * this.#found +
      (2 * seconds) / settings.cooldownSeconds +
      seconds / settings.refreshAfterSeconds +
      this.#scheduled;
    if (this.asked > most) violated(`the issuer was asked ${this.asked} times in ${seconds} s, and not ${most}`);
  }

  scheduled(): void {
    this.#scheduled += 1;
    void this.#store.refreshAll(this.#behind);
  }

  readonly #behind = (work: Promise<unknown>): void => {
    work.catch((error) => this.#world.violated(`background work failed: ${error}`));
  };

  readonly #fetch: IssuerFetch = async (_url, { headers, signal }) => {
    const { clock, random, published, publicKeys, cacheLagMs, settings } = this.#world;
    const askedAt = clock.now();
    this.asked += 1;
    const latencyMs = random.logNormal(80, 0.5);
    await clock.sleep(latencyMs / 2);
    const kids = published.at(clock.now() - random.between(0, cacheLagMs)).published;
    const isDown = this.#world.isIssuerDown();
    const bodyOf = (...all: readonly string[]) => JSON.stringify({ keys: all.map((kid) => publicKeys.get(kid)) });
    await clock.sleep(latencyMs / 2);
    if (isDown) {
      const body = bodyOf(FORGED_KID, ...kids);
      return random.pick(BAD_ANSWERS)({ body, clock, timeoutMs: settings.timeoutMs, signal });
    }
    const etag = `"${kids.join("-")}"`;
    if (clock.now() < askedAt + settings.timeoutMs) {
      for (const kid of kids) this.#received.set(kid, { askedAt, at: clock.now() });
    }
    if (headers["if-none-match"] === etag) return new Response(null, { status: 304 });
    const text = random.pick([bodyOf(...kids), `\ufeff${bodyOf(...kids, ...kids)}`, bodyOf(...kids.toReversed())]);
    return new Response(text, { headers: random.pick([{ etag }, {}]) });
  };

  #visitLater(): void {
    const { clock, random, requestEveryMs, end } = this.#world;
    clock.at(clock.now() + random.between(0.2, 1.8) * requestEveryMs, () => {
      if (!this.#isAlive || clock.now() >= end) return;
      this.#visit();
      this.#visitLater();
    });
  }

  #visit(): void {
    const { clock, random, hasFlood } = this.#world;
    const now = clock.now();
    void this.#forged(FORGED_KID, random.pick([0, -100, undefined]));
    if (hasFlood) void this.#forged(`forged-${random.next()}`, random.pick([0, -100, undefined]));
    for (const age of [0, random.between(0, 60_000), random.between(0, 900_000)]) void this.#valid(now - age);
    for (const kid of KIDS) this.#removed(kid, now);
  }

  async #forged(kid: string, age: number | undefined): Promise<void> {
    const { clock, violated } = this.#world;
    const issuedAtSeconds = age === undefined ? undefined : Math.floor(clock.now() / 1000) + age;
    const found = await this.#keys.find(kid, issuedAtSeconds, this.#behind);
    if (!(found instanceof Denial)) violated(`a key of ${kid} was found`);
  }

  /** Nobody may use a key too long after the issuer has removed it. */
  #removed(kid: string, now: number): void {
    const { published, settings, mostSkewMs, lastFaultAt, violated } = this.#world;
    const goneSince = published.goneSince(kid, now);
    if (goneSince > now || !this.#keys.current(this.#behind)?.byKid.has(kid)) return;
    const { whileRefreshing, atMost } = removedKeyBound(settings);
    const hasFaults = lastFaultAt > goneSince - settings.cooldownSeconds * 1000 - SLACK_MS;
    const boundMs = (hasFaults ? atMost : whileRefreshing) * 1000;
    const overMs = now - goneSince - boundMs - 2 * mostSkewMs - (hasFaults ? 0 : SLACK_MS);
    if (overMs > 0) violated(`${kid} was accepted ${overMs} ms longer than ${boundMs} ms after its removal`);
  }

  /** A token that was issued at some time is accepted, or refused for now. */
  async #valid(issuedAt: number): Promise<void> {
    const { clock, published, settings, mostSkewMs, hasIat, lastFaultAt, violated } = this.#world;
    const now = clock.now();
    const kid = published.at(issuedAt).signing;
    const lagMs = hasIat ? settings.publicationLagSeconds * 1000 : 0;
    if (!published.isEverywhere(kid, Math.min(issuedAt + lagMs, now), now)) return;
    const received = this.#received.get(kid);
    const isKnown =
      mostSkewMs === 0 &&
      received !== undefined &&
      received.at + 1 < now &&
      now - received.askedAt <= settings.maxStaleSeconds * 1000 &&
      published.isEverywhere(kid, received.askedAt, now);
    const flightMs = KV_READ_TIMEOUT_MS + settings.timeoutMs + SINGLE_FLIGHT_GRACE_MS;
    const settledSince = now - settings.cooldownSeconds * 1000 - 2 * flightMs - SLACK_MS;
    const isSettled = lastFaultAt < settledSince && published.isEverywhere(kid, settledSince, now);
    const found = this.#keys.find(kid, hasIat ? Math.floor(issuedAt / 1000) : undefined, this.#behind);
    if (isKnown && found instanceof Promise) violated(`a token of ${kid} waited, although the isolate had the key`);
    const outcome = await found;
    if (!(outcome instanceof Denial)) this.accepted += 1;
    // A key that was removed meanwhile is no promise.
    else if (published.isEverywhere(kid, now, clock.now())) {
      if (outcome.reason === "key-unknown") violated(`a valid token of ${kid} was refused for good`);
      if (isSettled) violated(`a valid token of ${kid} was refused although nothing had failed for long`);
      if ((outcome.retryAfterSeconds ?? 0) < 1 || (outcome.retryAfterSeconds ?? 0) > settings.cooldownSeconds) {
        violated(`Retry-After was ${outcome.retryAfterSeconds}`);
      }
    }
  }
}
