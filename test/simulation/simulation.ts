import { VirtualClock } from "../support/keys/virtual-clock.ts";
import { defaultIssuer } from "./default-issuer.ts";
import { type FleetOptions, startCron, startFleet } from "./fleet.ts";
import { CryptoWatch } from "./model/crypto-watch.ts";
import { issuerFetch, makeKeys } from "./model/issuer-model.ts";
import { KvModel } from "./model/kv-model.ts";
import { Random } from "./model/random.ts";
import type { Scenario } from "./scenario.ts";
import { Tally } from "./tally.ts";
import { Timeline } from "./timeline.ts";

const START = Date.UTC(2026, 0, 1);
/** How long the cron trigger has filled KV before the isolates start. */
const WARM_UP_MS = 5 * 60_000;

export interface SimulationOptions extends FleetOptions {
  readonly scenario: Scenario;
  readonly seed: number;
}

/** The result of a run. */
export interface Outcome {
  readonly timeline: Timeline;
  readonly tally: Tally;
  readonly requestsPerSecond: number;
  readonly isolates: number;
}

/** Runs one scenario under one load. The same options give the same outcome. Only one run at a time in a process. */
export async function simulate({ scenario, seed, ...fleet }: SimulationOptions): Promise<Outcome> {
  const timeline = new Timeline(scenario, START);
  const keys = await makeKeys(timeline);
  using watch = new CryptoWatch();
  const clock = new VirtualClock(START - WARM_UP_MS - 1, watch.settled);
  const random = new Random(seed);
  const tally = new Tally(timeline);
  const kv = new KvModel(fleet.locations, clock, random, tally);
  const fetch = issuerFetch(keys, timeline, clock, random, tally);
  const defaults = defaultIssuer();
  const issuer = { ...defaults, keys: { ...defaults.keys, ...scenario.settings } };
  const world = { clock, random, timeline, tally, kv, fetch, issuer };
  startCron(scenario.warmKv ? START - WARM_UP_MS : START + WARM_UP_MS, world);
  const isolates = startFleet(fleet, world);
  await clock.runUntil(timeline.end);
  return { timeline, tally, requestsPerSecond: fleet.requestsPerSecond, isolates };
}
