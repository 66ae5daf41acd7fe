import type { JWK } from "jose";
import type { KeySettings } from "../../../src/policy/policy.ts";
import { VirtualClock } from "../../support/keys/virtual-clock.ts";
import type { CryptoWatch } from "../model/crypto-watch.ts";
import { KvModel } from "../model/kv-model.ts";
import { Random } from "../model/random.ts";
import { Tally } from "../tally.ts";
import { scenario } from "../test-scenario.ts";
import { Timeline } from "../timeline.ts";
import { failingKv } from "./failing-kv.ts";
import type { HistoryWorld } from "./history-world.ts";
import { PublishedKeys } from "./published-keys.ts";
import { WatchedIsolate } from "./watched-isolate.ts";

const START = Date.UTC(2026, 0, 1);
const MINUTES = 20;
/** The issuer and KV fail in the first part of a history only. */
const END_OF_FAULTS = START + 12 * 60_000;
const LOCATIONS = 3;

interface Spell {
  readonly from: number;
  readonly until: number;
  /** Share of the calls that fail. */
  readonly share: number;
}

/** The findings of one history. */
export interface Findings {
  /** What the gateway did against its promises; empty if it kept them. */
  readonly violations: readonly string[];
  readonly requestsToIssuer: number;
  readonly accepted: number;
}

/**
 * Runs random isolates against a random issuer and a random KV: rotations, faults, floods of forged `kid`s, births of
 * isolates and cron triggers, all at once. The same seed gives the same history.
 */
export async function runHistory(
  seed: number,
  publicKeys: ReadonlyMap<string, JWK>,
  watch: CryptoWatch,
): Promise<Findings> {
  const random = new Random(seed);
  const clock = new VirtualClock(START, watch.settled);
  const end = START + MINUTES * 60_000;
  const refreshAfterSeconds = random.pick([30, 100, 300, 600]);
  const settings: KeySettings = {
    refreshAfterSeconds,
    maxStaleSeconds: random.pick([refreshAfterSeconds + 10, 3 * refreshAfterSeconds, 86_400]),
    cooldownSeconds: random.pick([2, 5, 30, 30, 120]),
    publicationLagSeconds: random.pick([0, 60]),
    timeoutMs: random.pick([500, 3_000]),
  };
  const cacheLagMs = random.pick([0, 0, 20_000]);
  const spells = (): readonly Spell[] =>
    Array.from({ length: random.pick([0, 1, 5]) }, () => {
      const from = random.between(START, END_OF_FAULTS);
      const until = Math.min(END_OF_FAULTS, from + random.exponential(random.pick([10_000, 200_000])));
      return { from, until, share: random.pick([0.3, 1]) };
    });
  const [issuerFaults, kvFaults] = [spells(), spells()];
  const fails = (faults: readonly Spell[]) => {
    const now = clock.now();
    return faults.some(({ from, until, share }) => from <= now && now < until && random.next() < share);
  };
  const kv = new KvModel(LOCATIONS, clock, random, new Tally(new Timeline(scenario(), START)));
  const violations: string[] = [];
  const world: HistoryWorld = {
    clock,
    random,
    settings,
    publicKeys,
    cacheLagMs,
    end,
    published: new PublishedKeys(random, START, end, cacheLagMs, settings.publicationLagSeconds * 1000),
    mostSkewMs: random.pick([0, 4_000]),
    hasIat: random.pick([true, true, false]),
    hasFlood: random.pick([true, false]),
    requestEveryMs: random.pick([1_000, 5_000]),
    kvAt: (location) => failingKv(kv.at(location), clock, random, () => fails(kvFaults)),
    isIssuerDown: () => fails(issuerFaults),
    lastFaultAt: Math.max(START - 1, ...[...issuerFaults, ...kvFaults].map(({ until }) => until)),
    violated: (promise) => violations.push(`seed ${seed}: ${promise}`),
  };
  const isolates: WatchedIsolate[] = [];
  const live = () => {
    const isolate = new WatchedIsolate(Math.floor(random.between(0, LOCATIONS)), world);
    isolates.push(isolate);
    clock.at(clock.now() + random.exponential(random.pick([60_000, 3_600_000])), () => {
      isolate.stop();
      if (clock.now() < end) live();
    });
  };
  for (let count = random.pick([1, 2, 3]); count > 0; count--) live();
  const cronEveryMs = random.pick([60_000, 300_000, Number.POSITIVE_INFINITY]);
  for (let at = START + random.between(0, cronEveryMs); at < end; at += cronEveryMs) {
    clock.at(at, () => isolates.at(-1)?.scheduled());
  }
  await clock.runUntil(end);
  for (const isolate of isolates) isolate.stop();
  const sum = (of: (isolate: WatchedIsolate) => number) => isolates.reduce((total, isolate) => total + of(isolate), 0);
  return { violations, requestsToIssuer: sum(({ asked }) => asked), accepted: sum(({ accepted }) => accepted) };
}
