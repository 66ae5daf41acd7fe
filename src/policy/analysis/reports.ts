import type { HostRoutes, Policy, Requirement, Route } from "../policy.ts";
import { routesOfEveryHost, tableOf } from "../routing/host-routes.ts";
import { dayOf, isReporting } from "../settings/report-only.ts";

const PUBLIC: Requirement = { kind: "public" };

/**
 * The policy as it is at a moment: a route whose `report` has ended enforces its requirement, so it has no `report`.
 * What reasons about policies takes every `report` that is left as in force.
 *
 * @param nowMs epoch milliseconds
 */
export function policyAt(policy: Policy, nowMs: number): Policy {
  return withRoutes(policy, (route) => (isReporting(route.report, nowMs) ? route : withoutReport(route)));
}

/** The policy as it is on a day. @param day in UTC, as `YYYY-MM-DD` */
export function policyOn(policy: Policy, day: string): Policy {
  return policyAt(policy, Date.parse(day));
}

/** The policy once every route enforces its requirement. */
export function withoutReports(policy: Policy): Policy {
  return withRoutes(policy, withoutReport);
}

function withoutReport({ report: _, ...route }: Route): Route {
  return route;
}

/**
 * The policy with each route that only reports open to everyone: that is what it does. Such a route keeps its `report`,
 * which tells it from a public one.
 */
export function withOpenReports(policy: Policy): Policy {
  return withRoutes(policy, withOpenReport);
}

/**
 * The same for one route. An MCP route keeps its rules, which tell its messages apart, but it lets every message
 * through, those that are not listed included: see `routeOn`. Rate limits refuse nobody, either.
 */
export function withOpenReport(route: Route): Route {
  if (route.report === undefined) return route;
  const { rateLimits: _, ...open } = route;
  return { ...open, requirement: PUBLIC };
}

/** The same policy with other routes on the same paths. A policy without `report` stays the same object. */
function withRoutes(policy: Policy, change: (route: Route) => Route): Policy {
  if (!policy.hasReports) return policy;
  const { hasReports: _, ...rest } = policy;
  const changed = new Map(policy.routes.map((route) => [route, change(route)]));
  const routes = [...changed.values()];
  const ofHost = (host: HostRoutes): HostRoutes => {
    const own = host.routes.flatMap((route) => changed.get(route) ?? []);
    return { ...host, routes: own, table: own.length === 0 ? undefined : tableOf(own) };
  };
  return {
    ...rest,
    ...(routes.some(({ report }) => report) && { hasReports: true }),
    routes,
    table: tableOf(routesOfEveryHost(routes)),
    byHost: policy.byHost && new Map(Array.from(policy.byHost, ([name, host]) => [name, ofHost(host)])),
  };
}

/** The days on which routes of some policies begin to enforce, in their order. */
export function daysOfChange(policies: readonly Pick<Policy, "routes">[]): readonly string[] {
  const ends = policies.flatMap(({ routes }) => routes.flatMap(({ report }) => report?.endsAt ?? []));
  return Array.from(new Set(ends))
    .sort((one, other) => one - other)
    .map(dayOf);
}
