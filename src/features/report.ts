import type { Route } from "../policy/policy.ts";
import { isReporting } from "../policy/settings/report-only.ts";

/** Routes that only report. @param now epoch milliseconds */
export default function createReports(now: () => number): (route: Route) => boolean {
  return ({ report }) => isReporting(report, now());
}
