import { markdownTable } from "../support/project/markdown-table.ts";
import type { MemoryTrend } from "./memory.ts";
import type { SoakReport } from "./soak.ts";
import type { Tally } from "./virtual-users.ts";

/** The report as Markdown: a table of scenarios, a table of everything else, and the broken invariants. */
export function formatReport(report: SoakReport): string {
  return [scenarioTable(report.tallies), factTable(report), ...report.violations.map((text) => `BROKEN: ${text}`)].join(
    "\n\n",
  );
}

function scenarioTable(tallies: readonly Tally[]): string {
  return markdownTable(
    ["scenario", "at a time", "as expected", "otherwise", "p50 ms", "p99 ms", "max ms"],
    tallies.map(({ scenario, users, times, broken }) => {
      const sorted = times.toSorted((a, b) => a - b);
      const at = (share: number): string => (sorted[Math.ceil(sorted.length * share) - 1] ?? 0).toFixed(0);
      return [scenario, users, times.length, broken, at(0.5), at(0.99), at(1)];
    }),
  );
}

function factTable({ seconds, tallies, memory, reloads, upstream, keyRequests }: SoakReport): string {
  const checked = tallies.reduce((sum, { times }) => sum + times.length, 0);
  const inFlight = reloads.map((reload) => reload.inFlight);
  return markdownTable(
    ["", ""],
    [
      ["time", `${seconds.toFixed(0)} s`],
      ["requests checked against their caller", `${checked}, ${(checked / seconds).toFixed(0)}/s`],
      ["reached the upstream", `${upstream.received}, of those refused: ${upstream.refused}`],
      ["unfinished uploads that looked whole to the upstream", upstream.takenForFinished],
      ["open at the upstream after the last caller", upstream.open],
      ["policy reloads", reloads.length],
      ["in flight at a reload", `${Math.min(...inFlight)} to ${Math.max(...inFlight)}`],
      ["requests to the issuer", keyRequests],
      ["memory of workerd", memory === undefined ? "not judged: too short, or not on Linux" : describeMemory(memory)],
    ],
  );
}

function describeMemory({ samples, medianMegabytes, peakMegabytes, megabytesPerMinute, growth }: MemoryTrend): string {
  return [
    `median ${medianMegabytes.toFixed(0)} MB, peak ${peakMegabytes.toFixed(0)} MB`,
    `slope ${megabytesPerMinute.toFixed(2)} MB/min (${(growth * 100).toFixed(1)} % over ${samples} samples)`,
  ].join(", ");
}
