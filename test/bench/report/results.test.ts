import { describe, expect, it } from "vitest";
import type { Samples } from "../measure.ts";
import { quantile, ratioSpread, resultsOf, spread } from "./results.ts";

const TEN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

function samplesOf(gateway: string, cpuMicroseconds: number[]): Samples {
  const cell = { gateway, workload: "hot", headers: 3 } as const;
  return { ...cell, cpuMicroseconds, requestsPerSecond: [100], latenciesMs: [3, 1, 2], residentMegabytes: [50] };
}

describe("a quantile", () => {
  it.each([
    { name: "the least for no share", values: TEN, share: 0, expected: 1 },
    { name: "the first of ten for a tenth", values: TEN, share: 0.1, expected: 1 },
    { name: "the second of ten for more than a tenth", values: TEN, share: 0.11, expected: 2 },
    { name: "the ninth of ten for nine tenths", values: TEN, share: 0.9, expected: 9 },
    { name: "the greatest for all", values: TEN, share: 1, expected: 10 },
    { name: "the greatest of values in any order", values: [3, 1, 2], share: 1, expected: 3 },
    { name: "no number without values", values: [], share: 0.5, expected: Number.NaN },
  ])("is $name", ({ values, share, expected }) => {
    expect(quantile(values, share)).toBe(expected);
  });
});

it("the middle of an even number of values is between two of them", () => {
  expect(spread([1, 2, 3, 4])).toEqual({ p10: 1, p50: 2.5, p90: 4 });
});

it("a ratio is taken within each block, so load that hits a whole block changes nothing", () => {
  const base = samplesOf("bare", [100, 400, 100]);
  expect(ratioSpread(samplesOf("scopegate", [150, 600, 150]), base)).toEqual({ p10: 1.5, p50: 1.5, p90: 1.5 });
});

it("a result has the middle of all blocks and the range of the ratios to `bare`", () => {
  const all = [samplesOf("bare", [100, 100, 100]), samplesOf("scopegate", [110, 130, 120])];
  expect(resultsOf(all)[1]).toEqual({
    ...{ gateway: "scopegate", work: "hot", headers: 3, blocks: 3, cpu_us: 120 },
    ...{ ratio_to_bare: 1.2, ratio_to_bare_p10: 1.1, ratio_to_bare_p90: 1.3 },
    ...{ rps: 100, p50_ms: 2, p99_ms: 3, max_ms: 3, rss_mb: 50 },
  });
});
