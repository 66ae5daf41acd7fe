import { markdownTable } from "../../support/project/markdown-table.ts";
import { WORKLOADS } from "../workloads.ts";
import type { Verdict } from "./budgets.ts";
import type { BenchResult } from "./results.ts";

/** Everything that was measured, a line for each gateway, workload and number of headers. */
export function resultTable(results: readonly BenchResult[]): string {
  return markdownTable(
    ["gateway", "workload", "headers", "CPU µs", "to bare", "requests/s", "p50 ms", "p99 ms", "max ms", "RSS MB"],
    results.map((result) => [
      ...[
        result.gateway,
        result.work,
        result.headers,
        result.cpu_us.toFixed(0),
        result.ratio_to_bare.toFixed(2),
        result.rps,
      ],
      ...[result.p50_ms.toFixed(2), result.p99_ms.toFixed(2), result.max_ms.toFixed(1), result.rss_mb.toFixed(0)],
    ]),
  );
}

/** CPU time per request in microseconds and its ratio to `bare`, with 3 headers: gateways below, workloads across. */
export function summaryTable(results: readonly BenchResult[]): string {
  const drawn = results.filter(({ headers }) => headers === 3);
  return markdownTable(
    ["CPU µs (to bare)", ...WORKLOADS],
    [...new Set(drawn.map(({ gateway }) => gateway))].map((gateway) => [
      gateway,
      ...WORKLOADS.map((workload) => {
        const result = drawn.find((candidate) => candidate.gateway === gateway && candidate.work === workload);
        return result === undefined ? "" : `${result.cpu_us.toFixed(0)} (${result.ratio_to_bare.toFixed(2)})`;
      }),
    ]),
  );
}

/** The budgets, and whether each is met. */
export function verdictTable(verdicts: readonly Verdict[]): string {
  return markdownTable(
    ["ratio of CPU time per request", "measured", "budget", "aim", ""],
    verdicts.map(({ name, measured, atMost, aim }) => [
      ...[name, measured.toFixed(2), atMost.toFixed(2), aim.toFixed(2)],
      measured <= aim ? "aim met" : measured <= atMost ? "within budget" : "OVER BUDGET",
    ]),
  );
}
