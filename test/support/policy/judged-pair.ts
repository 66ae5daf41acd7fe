import fc from "fast-check";
import { reportUntil } from "../../../src/policy/settings/report-only.ts";
import { NOW_MS } from "../token/tokens.ts";
import { randomPolicyPair } from "./random-policy.ts";

/** Members that decide beside the routes. The host of most requests is `gw.example`. */
const members = fc.record(
  {
    hosts: fc.constantFrom(["gw.example"], ["other.example"], ["gw.example", "other.example"]),
    cors: fc.constant({ origins: ["https://app.example"] }),
  },
  { requiredKeys: [] },
);

/**
 * The day before the tests take place, and their day. A route with the first enforces, and one with the second reports.
 */
const DAYS = [NOW_MS - reportUntil("1970-01-01").endsAt, NOW_MS].map((ms) => new Date(ms).toISOString().slice(0, 10));

/** For each route, whether it reports, and until when. */
const reports = fc.infiniteStream(fc.option(fc.constantFrom(...DAYS), { freq: 2 }));

function withReports(routes: readonly object[], days: IterableIterator<string | null>): readonly object[] {
  return routes.map((route) => {
    const until: string | null | undefined = days.next().value;
    return "public" in route || !until ? route : { ...route, report: { until } };
  });
}

/** A policy and a candidate for the next one, as parsed files with the same issuers. */
export const judgedPair = fc
  .tuple(randomPolicyPair, members, members, reports)
  .map(([{ before, after }, ofEnforced, ofCandidate, days]) => ({
    enforced: { ...before, ...ofEnforced, routes: withReports(before.routes, days), shadow: "routes.next.json" },
    candidate: { ...after, ...ofCandidate, routes: withReports(after.routes, days), issuers: before.issuers },
  }));
