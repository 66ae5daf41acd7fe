import { formatColumns } from "../../../src/cli/output.ts";
import type { Revocation } from "../../../src/policy/policy.ts";
import { revocationBound, revocationBoundOfOutage } from "../../../src/revocations/revocation-bound.ts";
import type { FleetOptions } from "../fleet.ts";
import { type RevocationOptions, type RevocationOutcome, simulateRevocations } from "./revocation-simulation.ts";

const DEFAULTS: Revocation = { refreshSeconds: 30, maxStaleSeconds: 600, onStale: "refuse" };

type Runs = readonly Pick<RevocationOptions, "name" | "settings" | "faults" | "requestsPerSecond">[];

/** The half hours of the report: three loads, and what KV can do to them. */
export function revocationRuns(loads: readonly number[]): Runs {
  const [, load = 0] = loads;
  return [
    ...loads.map((requestsPerSecond) => ({ name: "quiet", settings: DEFAULTS, faults: [], requestsPerSecond })),
    { name: "refreshSeconds 5", settings: { ...DEFAULTS, refreshSeconds: 5 }, faults: [], requestsPerSecond: load },
    {
      name: "1 of 10 reads of KV fails",
      settings: DEFAULTS,
      faults: [{ kind: "throws", share: 0.1, from: 0, until: 30 }],
      requestsPerSecond: load,
    },
    {
      name: "1 of 10 reads of KV hangs",
      settings: DEFAULTS,
      faults: [{ kind: "hangs", share: 0.1, from: 0, until: 30 }],
      requestsPerSecond: load,
    },
    {
      name: "KV fails for 5 min",
      settings: DEFAULTS,
      faults: [{ kind: "throws", share: 1, from: 9, until: 14 }],
      requestsPerSecond: load,
    },
    {
      name: "KV fails for 5 min, maxStaleSeconds 60",
      settings: { ...DEFAULTS, maxStaleSeconds: 60 },
      faults: [{ kind: "throws", share: 1, from: 9, until: 14 }],
      requestsPerSecond: load,
    },
  ];
}

/** Runs the half hours, and formats them, one row each. */
export async function reportRevocations(
  size: Omit<FleetOptions, "requestsPerSecond">,
  seed: number,
  loads: readonly number[],
): Promise<string> {
  const outcomes: RevocationOutcome[] = [];
  for (const run of revocationRuns(loads)) outcomes.push(await simulateRevocations({ ...size, ...run, seed }));
  return formatRevocations(outcomes);
}

/** Formats runs, one row each. The bound of a run with faults is that of an outage, which the settings give. */
export function formatRevocations(outcomes: readonly RevocationOutcome[]): string {
  const rows = outcomes.map((it) => [
    it.name,
    it.requestsPerSecond.toLocaleString("en"),
    it.isolates.toLocaleString("en"),
    `${Math.ceil(it.longestAcceptedSeconds)} s`,
    `${revocationBound(it.settings)} s`,
    `${revocationBoundOfOutage(it.settings) ?? "none"} s`,
    it.kvReads.toLocaleString("en"),
    it.unavailable > 0 ? "yes" : "no",
  ]);
  const heading = [
    ["", "", "", "revoked token", "bound while", "bound of", "KV", ""],
    ["half an hour", "requests/s", "isolates", "accepted for", "KV works", "an outage", "reads", "503"],
  ];
  return formatColumns([...heading, ...rows]).join("\n");
}
