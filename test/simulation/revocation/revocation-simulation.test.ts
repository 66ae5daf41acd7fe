import { expect, it } from "vitest";
import { revocationBound, revocationBoundOfOutage } from "../../../src/revocations/revocation-bound.ts";
import { formatRevocations, revocationRuns } from "./revocation-report.ts";
import { simulateRevocations } from "./revocation-simulation.ts";

const SIZE = { locations: 10, requestsPerIsolate: 500 };

it.each(revocationRuns([1, 500, 2_000]))("$name, $requestsPerSecond requests/s: the bound holds", async (run) => {
  const outcome = await simulateRevocations({ ...SIZE, ...run, seed: 1 });
  const outage = revocationBoundOfOutage(run.settings) ?? Number.POSITIVE_INFINITY;
  const bound = run.faults.length > 0 ? outage : revocationBound(run.settings);
  expect(outcome.longestAcceptedSeconds).toBeLessThanOrEqual(bound);
  // A token that nobody sends is accepted by nobody, and lists do not spread at once.
  expect(outcome.longestAcceptedSeconds).toBeGreaterThan(30);
  if (run.faults.length === 0) expect(outcome.unavailable).toBe(0);
  expect(formatRevocations([outcome])).toContain(` ${bound} s`);
});

it("the same seed gives the same numbers, another one others", async () => {
  const [run] = revocationRuns([500]);
  if (run === undefined) throw new Error("There is no run.");
  const numbers = async (seed: number) => {
    const { longestAcceptedSeconds, kvReads } = await simulateRevocations({ ...SIZE, ...run, seed });
    return [longestAcceptedSeconds, kvReads];
  };
  const first = await numbers(1);
  expect(await numbers(1)).toEqual(first);
  expect(await numbers(2)).not.toEqual(first);
});
