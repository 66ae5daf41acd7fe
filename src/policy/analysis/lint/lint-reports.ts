import { LINTS, type LintCode, type LintSeverity } from "../../lint-codes.ts";
import type { Policy, Route } from "../../policy.ts";
import { DAY_MS, enforcedFrom, type ReportOnly } from "../../settings/report-only.ts";
import { mergeFindings } from "./merge-findings.ts";
import type { RuleFinding } from "./rules/rule.ts";

/** What `check` says of every route with `report`. */
export type ReportLint = Extract<LintCode, `report-${string}`>;

/** A route that soon enforces is a warning: there is time to read the log, or to choose a later day. */
const WARNING_DAYS = 14;

/**
 * What a day makes of each `report`: a notice that the route does not enforce, a warning for the last two weeks, and a
 * warning once it has ended. Routes with the same last day are one finding.
 *
 * @param day in UTC, as `YYYY-MM-DD`
 */
export function lintReports({ routes }: Pick<Policy, "routes">, day: string) {
  const found = routes.flatMap((route) => (route.report ? [findingOn(route, route.report, Date.parse(day))] : []));
  return mergeFindings(found).map(({ group: _, ...lint }) => lint);
}

interface ReportFinding extends RuleFinding {
  readonly code: ReportLint;
  readonly severity: LintSeverity;
}

function findingOn({ index, methods, path }: Route, report: ReportOnly, startOfDayMs: number): ReportFinding {
  const { until, endsAt } = report;
  const daysLeft = (endsAt - startOfDayMs) / DAY_MS;
  const code = daysLeft <= 0 ? "report-ended" : daysLeft <= WARNING_DAYS ? "report-ending" : "report-only";
  return {
    code,
    severity: LINTS[code].severity,
    route: index,
    path: ["routes", index, "report"],
    ...TEXTS[code](until, enforcedFrom(report)),
    group: { cause: `${code} ${until}`, name: `${methods.join(",")} ${path}` },
  };
}

type Texts = (until: string, from: string) => Pick<RuleFinding, "message" | "hint">;

const TEXTS: { readonly [Code in ReportLint]: Texts } = {
  "report-only": (until, from) => ({
    message: `The route only reports until ${until}: anyone may call it.`,
    hint: `It enforces from ${from} on (UTC). Until then, it logs each request that it would refuse as \`would-deny\`.`,
  }),
  "report-ending": (until, from) => ({
    message: `The route only reports until ${until}, and enforces from ${from} on (UTC).`,
    hint: "Look for `would-deny` in the log: these requests will be refused. For more time, write a later day.",
  }),
  "report-ended": (until, from) => ({
    message: `The last day of its report was ${until}. The route has enforced since ${from} (UTC).`,
    hint: "Remove `report`.",
  }),
};
