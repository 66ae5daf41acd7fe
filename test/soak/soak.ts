import { setTimeout as wait } from "node:timers/promises";
import { CAN_MEASURE_PROCESSES, residentMegabytes } from "../bench/process-usage.ts";
import { startIssuer } from "../support/e2e/test-issuer.ts";
import { eventually } from "../support/e2e/wait.ts";
import type { Site } from "./call.ts";
import { createCallers } from "./callers.ts";
import { isFlat, type MemorySample, type MemoryTrend, memoryTrend } from "./memory.ts";
import { startPolicyVersion } from "./policy-version.ts";
import type { UpstreamReport } from "./protocol.ts";
import { HARD_CALLERS } from "./scenarios/hard-callers.ts";
import { ORDINARY, showAllTokens } from "./scenarios/ordinary.ts";
import { UPSTREAM_FAULTS } from "./scenarios/upstream-faults.ts";
import { startUpstream } from "./start-upstream.ts";
import { runVirtualUsers, type Tally } from "./virtual-users.ts";

export interface SoakOptions {
  /** How long new requests are sent, in seconds. */
  readonly seconds: number;
  readonly largeBytes: number;
  /** How many callers take turns, each with a token of its own. */
  readonly callers: number;
  /** Called once a second with the memory of the gateway. */
  readonly onSample?: (sample: MemorySample) => void;
}

/** One change of the policy under load. */
export interface Reload {
  readonly realm: string;
  /** Number of requests that the old policy still had to answer when it was told to end. */
  readonly inFlight: number;
}

export interface SoakReport {
  readonly seconds: number;
  readonly tallies: readonly Tally[];
  /** `undefined` if the run was too short to tell, or on another system than Linux. */
  readonly memory: MemoryTrend | undefined;
  readonly reloads: readonly Reload[];
  readonly upstream: UpstreamReport;
  /** Number of requests to the issuer for its keys. */
  readonly keyRequests: number;
  /** The broken invariants; empty if there are none. */
  readonly violations: readonly string[];
}

/** The first policy is kept for this share of the time, so that the memory of one process can be watched. */
const STEADY_SHARE = 0.75;
/** The share of that time in which caches fill and the heap grows to its size. */
const WARM_UP_SHARE = 1 / 3;
const SAMPLE_INTERVAL_MS = 1_000;
/** How long the upstream may take to learn that the last callers have left. */
const SETTLE_LIMIT_MS = 10_000;

/** Runs all scenarios at once, changes the policy meanwhile, and checks the invariants. Loopback only. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const started: (() => Promise<unknown>)[] = [];
  try {
    return await soakUntil(options, (stop) => started.unshift(stop));
  } finally {
    for (const stop of started) await stop();
  }
}

/** Calls `atEnd` with what stops each thing that it has started. */
async function soakUntil(
  { seconds, largeBytes, callers, onSample }: SoakOptions,
  atEnd: (stop: () => Promise<unknown>) => void,
): Promise<SoakReport> {
  const issuer = await startIssuer();
  atEnd(issuer.stop);
  const upstream = await startUpstream();
  atEnd(upstream.stop);
  const start = (number: number) => startPolicyVersion(number, issuer.url, upstream.origin);
  const site: Site = { current: await start(1), callers: await createCallers(issuer, callers), largeBytes };
  let over = false;
  atEnd(async () => {
    over = true;
    await site.current.drain();
  });
  await showAllTokens(site);

  const began = performance.now();
  const elapsed = (): number => (performance.now() - began) / 1_000;
  const reloads: Reload[] = [];
  const running = [...ORDINARY, ...UPSTREAM_FAULTS, ...HARD_CALLERS].map((each) =>
    runVirtualUsers(each, site, () => over),
  );

  const samples: MemorySample[] = [];
  while (elapsed() < seconds * STEADY_SHARE) {
    await wait(SAMPLE_INTERVAL_MS);
    if (!CAN_MEASURE_PROCESSES) continue;
    const sample = { seconds: elapsed(), megabytes: residentMegabytes(site.current.pid) };
    samples.push(sample);
    onSample?.(sample);
  }
  do {
    const old = site.current;
    site.current = await start(reloads.length + 2);
    reloads.push({ realm: old.realm, inFlight: await old.drain() });
  } while (elapsed() < seconds);
  over = true;
  const tallies = await Promise.all(running);

  // Checked while the gateway runs, because its end would close what it failed to close.
  const settled = eventually(
    "an upstream without open requests",
    async () => {
      const report = await upstream.report();
      return report.open === 0 ? report : undefined;
    },
    SETTLE_LIMIT_MS,
  );
  const seen = await settled.catch(() => upstream.report());

  const memory = memoryTrend(samples.filter((sample) => sample.seconds >= seconds * STEADY_SHARE * WARM_UP_SHARE));
  return {
    seconds: elapsed(),
    tallies,
    memory,
    reloads,
    upstream: seen,
    keyRequests: issuer.requests,
    violations: violationsOf(tallies, memory, seen),
  };
}

function violationsOf(
  tallies: readonly Tally[],
  memory: MemoryTrend | undefined,
  { refused, takenForFinished, open }: UpstreamReport,
): readonly string[] {
  const found = tallies.flatMap(({ scenario, times, broken, errors }) => [
    ...(broken > 0 ? [`${scenario}: ${broken} ended otherwise\n  ${errors.join("\n  ")}`] : []),
    ...(times.length === 0 ? [`${scenario}: never ended`] : []),
  ]);
  if (refused > 0) found.push(`${refused} refused requests reached the upstream`);
  if (takenForFinished > 0) found.push(`${takenForFinished} unfinished uploads looked whole to the upstream`);
  if (open > 0) found.push(`${open} requests are open at the upstream though no caller is left`);
  if (memory !== undefined && !isFlat(memory)) found.push("memory is not flat");
  return found;
}
