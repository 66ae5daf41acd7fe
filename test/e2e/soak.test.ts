/**
 * The soak in small: every scenario and a change of the policy, too short to judge memory, of which there are tables.
 */
import { expect, it } from "vitest";
import { isFlat, MAX_GROWTH, MAX_PEAK_MEGABYTES, MIN_TREND_SECONDS, memoryTrend } from "../soak/memory.ts";
import { soak } from "../soak/soak.ts";

/** It takes some ten seconds; the limit is for machines that do other things at the same time. */
const LIMIT_MS = 90_000;

it("keeps every request with its caller under faults and load, while the policy changes", {
  timeout: LIMIT_MS,
}, async () => {
  const report = await soak({ seconds: 3, largeBytes: 5_000_000, callers: 100 });
  expect(report.violations).toEqual([]);
  expect(report.tallies.filter(({ times }) => times.length === 0)).toEqual([]);
  expect(report.reloads.length).toBeGreaterThan(0);
  expect(report.reloads.every(({ inFlight }) => inFlight > 0)).toBe(true);
  expect(report.upstream).toMatchObject({ refused: 0, takenForFinished: 0, open: 0 });
});

/** A sample each second over the shortest time that is judged. */
const samplesOf = (megabytes: (seconds: number) => number, seconds = MIN_TREND_SECONDS) =>
  Array.from({ length: seconds + 1 }, (_, second) => ({ seconds: second, megabytes: megabytes(second) }));

/** What rises by this share of its median from first to last. */
const rising = (share: number) => samplesOf((second) => 100 + 100 * share * (second / MIN_TREND_SECONDS - 0.5));

const peak = (above: number) => samplesOf((second) => (second === MIN_TREND_SECONDS / 2 ? 100 + above : 100));

it.each([
  { name: "that stays is flat", input: samplesOf(() => 100), expected: true },
  { name: "that swings is flat", input: samplesOf((second) => 100 + 30 * (second % 2)), expected: true },
  { name: "that falls is flat", input: rising(-1), expected: true },
  { name: "that rises as far as it may is flat", input: rising(MAX_GROWTH - 0.001), expected: true },
  { name: "that rises farther is not", input: rising(MAX_GROWTH + 0.001), expected: false },
  { name: "with a peak as high as it may be is flat", input: peak(MAX_PEAK_MEGABYTES), expected: true },
  { name: "with a higher peak is not", input: peak(MAX_PEAK_MEGABYTES + 1), expected: false },
])("memory $name", ({ input, expected }) => {
  const trend = memoryTrend(input);
  expect(trend !== undefined && isFlat(trend)).toBe(expected);
});

it.each([
  { name: "nothing", input: [], expected: false },
  { name: "a second less than a trend needs", input: samplesOf(() => 100, MIN_TREND_SECONDS - 1), expected: false },
  { name: "just as long as a trend needs", input: samplesOf(() => 100), expected: true },
])("memory is judged over $name: $expected", ({ input, expected }) => {
  expect(memoryTrend(input) !== undefined).toBe(expected);
});
