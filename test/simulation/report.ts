import { formatColumns } from "../../src/cli/output.ts";
import { kvDollars } from "./model/kv-price.ts";
import type { Phase } from "./scenario.ts";
import type { Outcome } from "./simulation.ts";
import type { Counted } from "./tally.ts";

const DAYS_PER_MONTH = 30;

/** Formats the day under each load. Prices refused writes like others, because the platform does not tell. */
export function formatDays(days: readonly Outcome[]): string {
  const rows = days.map(({ requestsPerSecond, isolates, timeline, tally }) => {
    const writes = tally.total("kvWrites");
    const writesRefused = tally.total("kvWritesRefused");
    const dollars = kvDollars(tally.total("kvReads") * DAYS_PER_MONTH, (writes + writesRefused) * DAYS_PER_MONTH);
    const quiet = timeline.scenario.phases.find(({ name }) => name === "quiet");
    return [
      whole(requestsPerSecond),
      whole(isolates),
      quiet === undefined ? "" : perMinute({ tally }, "issuerRequests", quiet),
      whole(Math.max(...tally.series("issuerRequests"))),
      whole(tally.total("kvReads")),
      `${whole(writes)} + ${whole(writesRefused)}`,
      `$${dollars.toFixed(2)}`,
      whole(tally.total("refused")),
      whole(tally.total("deferred")),
      `${whole(tally.longestOfAllSeconds())} s`,
    ];
  });
  const heading = [
    ["", "", "issuer requests", "", "KV reads", "KV writes", "KV for", "valid tokens", "", "removed key"],
    [
      "requests/s",
      "isolates",
      "per min, quiet",
      "max",
      "per day",
      "done + refused",
      "30 days",
      "401",
      "503",
      "accepted for",
    ],
  ];
  return formatColumns([...heading, ...rows]).join("\n");
}

/** Formats the phases of one day: mean and maximum per minute. */
export function formatPhases(day: Outcome): string {
  const rows = day.timeline.scenario.phases.map((phase) => [
    phase.name,
    perMinute(day, "issuerRequests", phase),
    perMinute(day, "kvReads", phase),
    perMinute(day, "kvWrites", phase),
    perMinute(day, "kvWritesRefused", phase),
  ]);
  const heading = ["mean / max per minute", "issuer requests", "KV reads", "KV writes", "refused writes"];
  return formatColumns([heading, ...rows]).join("\n");
}

/** Formats single hours, one row each. */
export function formatHours(hours: readonly Outcome[]): string {
  const rows = hours.map(({ timeline, tally, isolates }) => {
    const { scenario, start } = timeline;
    const lastRefused =
      tally.lastRefusedAt === undefined ? "" : `minute ${((tally.lastRefusedAt - start) / 60_000).toFixed(1)}`;
    return [
      scenario.name,
      whole(isolates),
      perMinute({ tally }, "issuerRequests", { from: 0, until: scenario.minutes }),
      whole(tally.total("refused")),
      whole(tally.total("deferred")),
      lastRefused,
    ];
  });
  const heading = ["", "isolates", "issuer requests per min", "401", "503", "last refusal"];
  return formatColumns([heading, ...rows]).join("\n");
}

function perMinute({ tally }: Pick<Outcome, "tally">, what: Counted, { from, until }: Omit<Phase, "name">): string {
  const series = tally.series(what).subarray(from, until);
  const mean = series.reduce((sum, count) => sum + count, 0) / series.length;
  return `${mean < 10 ? mean.toFixed(1) : whole(Math.round(mean))} / ${whole(Math.max(...series))}`;
}

function whole(value: number): string {
  return Math.ceil(value).toLocaleString("en");
}
