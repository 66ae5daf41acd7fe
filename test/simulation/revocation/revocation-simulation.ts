import type { KeyNamespace, WaitUntil } from "../../../src/keys/key-io.ts";
import type { Revocation } from "../../../src/policy/policy.ts";
import { RevocationReader } from "../../../src/revocations/revocation-reader.ts";
import {
  REVOCATIONS_KEY,
  type RevocationEntry,
  serializeRevocations,
} from "../../../src/revocations/revocation-value.ts";
import { VirtualClock } from "../../support/keys/virtual-clock.ts";
import { type FleetOptions, isolateRates, MEAN_LIFETIME_MS } from "../fleet.ts";
import { KvModel } from "../model/kv-model.ts";
import { Random } from "../model/random.ts";
import type { Span } from "../scenario.ts";
import { Tally } from "../tally.ts";
import { scenario } from "../test-scenario.ts";
import { Timeline } from "../timeline.ts";

const START = Date.UTC(2026, 0, 1);
const MINUTES = 30;
/** A token is revoked this often, for the first time after five minutes. */
const REVOCATION_INTERVAL_MS = 5 * 60_000;
/** How often requests are sampled: often enough to meet each list when it is to be read ahead. */
const SAMPLE_MS = 5_000;
/** How often the revoked token is sent while it is accepted. */
const REVOKED_SAMPLE_MS = 1_000;
const ISSUER = "main";

/** What KV does while requests come. Times are minutes from the start. */
export interface KvFault extends Span {
  readonly kind: "throws" | "hangs";
  /** The share of reads that fail, from 0 to 1. */
  readonly share: number;
}

export interface RevocationOptions extends FleetOptions {
  readonly name: string;
  readonly seed: number;
  readonly settings: Revocation;
  readonly faults: readonly KvFault[];
}

/** The result of a run. */
export interface RevocationOutcome {
  readonly name: string;
  readonly requestsPerSecond: number;
  readonly isolates: number;
  readonly settings: Revocation;
  /** The longest time, in seconds, that a revoked token was accepted after the write of its entry began. */
  readonly longestAcceptedSeconds: number;
  /** Sampled requests that were refused because there was no list to use. */
  readonly unavailable: number;
  readonly kvReads: number;
}

/**
 * Runs the real reader of the list in every isolate, while tokens are revoked one after the other. The same options
 * give the same outcome.
 */
export async function simulateRevocations(options: RevocationOptions): Promise<RevocationOutcome> {
  const { name, seed, settings, faults, requestsPerSecond } = options;
  const timeline = new Timeline(scenario({ minutes: MINUTES }), START);
  const tally = new Tally(timeline);
  const random = new Random(seed);
  const clock = new VirtualClock(START - 1, () => new Promise((resolve) => setImmediate(resolve)));
  const kv = new KvModel(options.locations, clock, random, tally);
  const revokedAt: number[] = [];
  let longestMs = 0;
  let unavailable = 0;

  const entries: RevocationEntry[] = [];
  const revokeNext = (): void => {
    entries.push({ issuer: ISSUER, tokenId: `token-${entries.length}`, until: START / 1000 + 86_400 });
    revokedAt.push(clock.now());
    void kv.at(0).put(REVOCATIONS_KEY, serializeRevocations(entries), { expirationTtl: 86_400 });
    if (clock.now() + 2 * REVOCATION_INTERVAL_MS < timeline.end)
      clock.at(clock.now() + REVOCATION_INTERVAL_MS, revokeNext);
  };
  clock.at(START + REVOCATION_INTERVAL_MS, revokeNext);

  const faulty = (location: number): Pick<KeyNamespace, "get"> => ({
    async get(...request) {
      const minute = (clock.now() - START) / 60_000;
      const fault = faults.find(({ from, until, share }) => minute >= from && minute < until && random.next() < share);
      if (fault?.kind === "throws") throw new Error("KV GET failed: 500");
      return fault === undefined ? kv.at(location).get(...request) : new Promise(() => {});
    },
  });

  const live = (location: number, rate: number): void => {
    const reader = new RevocationReader(settings, {
      kv: faulty(location),
      now: clock.now,
      sleep: clock.sleep,
      log: () => {},
    });
    const behind: WaitUntil = (work) => void work;
    const end = clock.now() + random.exponential(MEAN_LIFETIME_MS);
    /** The number of revoked tokens that the isolate refuses. It learns of them in their order. */
    let refused = 0;
    const visit = async (): Promise<void> => {
      const list = reader.current(behind) ?? (await reader.load(behind));
      const now = clock.now();
      if (list === undefined) unavailable += 1;
      while (list !== undefined && refused < revokedAt.length) {
        const token = {
          issuer: { name: ISSUER },
          claims: { jti: `token-${refused}` },
          subject: undefined,
          clientId: undefined,
        };
        if (list.revokes(token, now) === undefined) {
          longestMs = Math.max(longestMs, now - (revokedAt[refused] ?? now));
          break;
        }
        refused += 1;
      }
      const pause = refused < revokedAt.length ? REVOKED_SAMPLE_MS : SAMPLE_MS;
      const next = now + Math.max(pause, random.exponential(1000 / rate));
      if (next >= timeline.end) return;
      // Another isolate takes its place, with an empty memory.
      if (next >= end) clock.at(next, () => live(location, rate));
      else clock.at(next, () => void visit());
    };
    clock.at(clock.now() + random.exponential(1000 / rate), () => void visit());
  };

  const rates = isolateRates(options);
  for (const { location, rate } of rates) clock.at(START + random.between(0, 60_000), () => live(location, rate));
  await clock.runUntil(timeline.end);
  return {
    name,
    requestsPerSecond,
    isolates: rates.length,
    settings,
    longestAcceptedSeconds: longestMs / 1000,
    unavailable,
    kvReads: tally.total("kvReads"),
  };
}
