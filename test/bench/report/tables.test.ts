import { expect, it } from "vitest";
import { WORKLOADS } from "../load/workloads.ts";
import type { Samples } from "../measure.ts";
import { BUDGETED, verdicts } from "./budgets.ts";
import { resultsOf } from "./results.ts";
import { readmeTable, summaryTable, verdictTable } from "./tables.ts";

/**
 * One block of each gateway: the gateway takes twice as long as `bare`, Hono written with care as long as the gateway.
 */
const CPU: Readonly<Record<string, number>> = {
  ...{ bare: 100, scopegate: 200, "hono-jose": 250, "hono-jose-careful": 200, "by-hand": 150 },
};

const samples: readonly Samples[] = [...BUDGETED, "by-hand"].flatMap((gateway) =>
  WORKLOADS.flatMap((workload) =>
    ([3, 25] as const).map((headers) => ({
      ...{ gateway, workload, headers, cpuMicroseconds: [CPU[gateway] ?? 0] },
      ...{ requestsPerSecond: [100], latenciesMs: [1], residentMegabytes: [50] },
    })),
  ),
);
const results = resultsOf(samples);

it("the summary has p10, p50 and p90 of the blocks for each gateway and workload", () => {
  const line = summaryTable(results)
    .split("\n")
    .find((text) => text.includes("| scopegate "));
  expect(line?.match(/2\.00 \/ 2\.00 \/ 2\.00/g)).toHaveLength(WORKLOADS.length);
});

it("the README's table has the gateway, both peers and the ceiling", () => {
  const rows = readmeTable(results).split("\n").slice(2);
  expect(rows.map((row) => row.match(/\d\.\d\d/g))).toEqual(
    [2, 2, 2.5, 1.5].map((ratio) => Array(4).fill(ratio.toFixed(2))),
  );
});

it("the README's table needs all of its gateways", () => {
  expect(() => readmeTable(results.filter(({ gateway }) => gateway !== "hono-jose"))).toThrow("hono-jose");
});

it("a budget is met up to its bound: 0.80 of 0.90, and not 1.00 of 0.95", () => {
  const lines = verdictTable(verdicts(samples)).split("\n");
  const verdict = (to: string) => lines.find((line) => line.startsWith("| hot ") && line.includes(`| ${to} `));
  expect(verdict("hono-jose")).toContain("| met ");
  expect(verdict("hono-jose-careful")).toContain("| OVER BUDGET ");
});
