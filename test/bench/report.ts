import type { Verdict } from "./budgets.ts";
import type { Row } from "./rows.ts";
import { markdownTable } from "./table.ts";
import { WORKS } from "./works.ts";

/** Everything that was measured, a line for each gateway, work and number of headers. */
export function rowTable(rows: readonly Row[]): string {
  return markdownTable(
    ["gateway", "work", "headers", "CPU µs", "to bare", "requests/s", "p50 ms", "p99 ms", "max ms", "RSS MB"],
    rows.map((row) => [
      ...[row.gateway, row.work, row.headers, row.cpu_us.toFixed(0), row.ratio_to_bare.toFixed(2), row.rps],
      ...[row.p50_ms.toFixed(2), row.p99_ms.toFixed(2), row.max_ms.toFixed(1), row.rss_mb.toFixed(0)],
    ]),
  );
}

/** CPU time per request in microseconds and its ratio to `bare`, with 3 headers: gateways below, works across. */
export function summaryTable(rows: readonly Row[]): string {
  const drawn = rows.filter(({ headers }) => headers === 3);
  return markdownTable(
    ["CPU µs (to bare)", ...WORKS],
    [...new Set(drawn.map(({ gateway }) => gateway))].map((gateway) => [
      gateway,
      ...WORKS.map((work) => {
        const row = drawn.find((candidate) => candidate.gateway === gateway && candidate.work === work);
        return row === undefined ? "" : `${row.cpu_us.toFixed(0)} (${row.ratio_to_bare.toFixed(2)})`;
      }),
    ]),
  );
}

/** The budgets and whether they are kept. */
export function verdictTable(verdicts: readonly Verdict[]): string {
  return markdownTable(
    ["ratio of CPU time per request", "measured", "budget", "aim", ""],
    verdicts.map(({ name, measured, atMost, aim }) => [
      ...[name, measured.toFixed(2), atMost.toFixed(2), aim.toFixed(2)],
      measured <= aim ? "aim met" : measured <= atMost ? "within budget" : "OVER BUDGET",
    ]),
  );
}
