import { markdownTable } from "../../support/project/markdown-table.ts";
import { WORKLOADS, type Workload } from "../load/workloads.ts";
import type { Verdict } from "./budgets.ts";
import type { BenchResult, Spread } from "./results.ts";

/** Everything that was measured, a line for each gateway, workload and number of headers. */
export function resultTable(results: readonly BenchResult[]): string {
  return markdownTable(
    [
      ...["gateway", "workload", "headers", "CPU µs", "to bare", "p10", "p90"],
      ...["requests/s", "p50 ms", "p99 ms", "max ms", "RSS MB"],
    ],
    results.map((result) => [
      ...[result.gateway, result.work, result.headers, result.cpu_us.toFixed(0), result.ratio_to_bare.toFixed(2)],
      ...[result.ratio_to_bare_p10.toFixed(2), result.ratio_to_bare_p90.toFixed(2), result.rps],
      ...[result.p50_ms.toFixed(2), result.p99_ms.toFixed(2), result.max_ms.toFixed(1), result.rss_mb.toFixed(0)],
    ]),
  );
}

/**
 * CPU time per request relative to `bare`, with 3 headers: gateways below, workloads across, p10, p50 and p90 in each.
 */
export function summaryTable(results: readonly BenchResult[]): string {
  const shown = results.filter(({ headers }) => headers === 3);
  const workloads = WORKLOADS.filter((workload) => shown.some(({ work }) => work === workload));
  return markdownTable(
    ["CPU to bare: p10 / p50 / p90", ...workloads],
    [...new Set(shown.map(({ gateway }) => gateway))].map((gateway) => [
      gateway,
      ...workloads.map((workload) => {
        const result = shown.find((candidate) => candidate.gateway === gateway && candidate.work === workload);
        return result === undefined ? "" : spreadText(ratioOf(result));
      }),
    ]),
  );
}

/** The budgets, and whether each is met. */
export function verdictTable(verdicts: readonly Verdict[]): string {
  return markdownTable(
    ["scopegate, CPU", "to", "p10", "p50", "p90", "budget", ""],
    verdicts.map(({ workload, to, measured: { p10, p50, p90 }, atMost }) => [
      ...[workload, to, p10.toFixed(2), p50.toFixed(2), p90.toFixed(2), atMost.toFixed(2)],
      p50 <= atMost ? "met" : "OVER BUDGET",
    ]),
  );
}

/** The rows of the README, and the gateways that they are about. */
const README_ROWS = [
  { gateway: "scopegate", name: "Scopegate, each decision logged" },
  {
    gateway: "hono-jose-careful",
    name: "Hono with `jose`, written with care: log, request id, time limit, clean headers",
  },
  { gateway: "hono-jose", name: "Hono with `jose`, the least that works: none of that" },
  { gateway: "by-hand", name: "One function by hand that does what Scopegate does, for one route with constants" },
];
const README_WORKLOADS: readonly (readonly [Workload, string])[] = [
  ["hot", "known token"],
  ["cold", "never-seen token"],
  ["bad-signature", "bad signature"],
  ["no-token", "no token"],
];

/** What the README says: the middle of the ratios to `bare`. Throws if one of its gateways was not measured. */
export function readmeTable(results: readonly BenchResult[]): string {
  return markdownTable(
    ["CPU per request, relative to a Worker that only fetches", ...README_WORKLOADS.map(([, title]) => title)],
    README_ROWS.map(({ gateway, name }) => [
      name,
      ...README_WORKLOADS.map(([workload]) => {
        const found = results.find((one) => one.gateway === gateway && one.work === workload && one.headers === 3);
        if (found === undefined) throw new Error(`The README needs ${gateway} with ${workload}.`);
        return found.ratio_to_bare.toFixed(2);
      }),
    ]),
  );
}

export function spreadText({ p10, p50, p90 }: Spread): string {
  return [p10, p50, p90].map((value) => value.toFixed(2)).join(" / ");
}

function ratioOf(result: BenchResult): Spread {
  return { p10: result.ratio_to_bare_p10, p50: result.ratio_to_bare, p90: result.ratio_to_bare_p90 };
}
