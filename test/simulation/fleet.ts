import type { KeyStore } from "../../src/keys/key-store.ts";
import { Isolate, keyStoreAt, type SimulatedWorld } from "./isolate.ts";

/** How many isolates there are and how long they live. */
export interface FleetOptions {
  readonly locations: number;
  readonly requestsPerSecond: number;
  /** Requests per second that one isolate serves; a location starts another isolate for more. */
  readonly requestsPerIsolate: number;
}

/** Fewest isolates of a location. */
const LEAST_ISOLATES = 1;
/** How long an isolate lives on average. */
export const MEAN_LIFETIME_MS = 30 * 60_000;
/** A deployment replaces all isolates within this time. */
const DEPLOYMENT_MS = 60_000;
const CRON_INTERVAL_MS = 5 * 60_000;
/** How late a cron trigger may be. */
const CRON_DELAY_MS = 20_000;

/** The traffic of one isolate. */
interface IsolateRate {
  readonly location: number;
  /** Requests per second. */
  readonly rate: number;
}

/** All isolates that live at one time. */
export function isolateRates({
  locations,
  requestsPerSecond,
  requestsPerIsolate,
}: FleetOptions): readonly IsolateRate[] {
  // Traffic is as uneven as cities are: the n-th location has an n-th of the first one's (Zipf's law).
  const shares = Array.from({ length: locations }, (_, index) => 1 / (index + 1));
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.flatMap((share, location) => {
    const rate = (requestsPerSecond * share) / sum;
    const isolates = Math.max(LEAST_ISOLATES, Math.ceil(rate / requestsPerIsolate));
    return Array.from({ length: isolates }, () => ({ location, rate: rate / isolates }));
  });
}

/** Starts all isolates and returns their number. Each lives for an exponential time; then a cold one replaces it. */
export function startFleet(options: FleetOptions, world: SimulatedWorld): number {
  const { clock, random, timeline } = world;
  const rates = isolateRates(options);
  for (const { location, rate } of rates) {
    clock.at(timeline.start + random.between(0, DEPLOYMENT_MS), () => live(location, rate, world));
  }
  return rates.length;
}

function live(location: number, requestsPerSecond: number, world: SimulatedWorld): void {
  const { clock, random, timeline } = world;
  const isolate = new Isolate(location, requestsPerSecond, world);
  const end = clock.now() + random.exponential(MEAN_LIFETIME_MS);
  clock.at(Math.min(end, timeline.end - 1), () => {
    isolate.stop();
    if (end < timeline.end - 1) live(location, requestsPerSecond, world);
  });
}

/**
 * Starts the cron trigger. It runs in one location, on an isolate without other traffic, which is replaced like any
 * other. `from` is the time of its first run, epoch milliseconds.
 */
export function startCron(from: number, world: SimulatedWorld): void {
  const { clock, random } = world;
  let store: KeyStore | undefined;
  let storeEnd = 0;
  const fire = (due: number): void => {
    clock.at(due + random.between(0, CRON_DELAY_MS), () => {
      if (store === undefined || clock.now() >= storeEnd) {
        store = keyStoreAt(0, world);
        storeEnd = clock.now() + random.exponential(MEAN_LIFETIME_MS);
      }
      void store.refreshAll(() => {});
      fire(due + CRON_INTERVAL_MS);
    });
  };
  fire(from);
}
