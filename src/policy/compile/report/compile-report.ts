import type { Fault, Report } from "../../fault.ts";
import { isDay, type ReportOnly, reportUntil } from "../../settings/report-only.ts";

/**
 * The members of a route that decide whether it can have a `report`. A member with a fault of its own is `undefined`.
 */
interface ReportConfig {
  readonly public?: true | undefined;
  readonly report?: { readonly until?: string | undefined } | undefined;
}

/**
 * The `report` of the route at `path`; `undefined`: it has none, or a fault is reported. A day in the past is not a
 * fault: the route enforces, and a lint says so.
 */
export function compileReport(route: ReportConfig, path: Fault["path"], report: Report): ReportOnly | undefined {
  if (!Object.hasOwn(route, "report")) return undefined;
  if (Object.hasOwn(route, "public")) {
    report(
      [...path, "report"],
      "A public route refuses nobody, so there is nothing to report.",
      "Remove `report`, or replace `public` by what the route is going to require.",
    );
  }
  const until = route.report?.until;
  if (until === undefined) return undefined;
  if (isDay(until)) return reportUntil(until);
  report(
    [...path, "report", "until"],
    `\`${until}\` is not a day of the calendar.`,
    "Write the last day without enforcement (UTC) as YYYY-MM-DD, for example 2027-01-31.",
  );
  return undefined;
}
