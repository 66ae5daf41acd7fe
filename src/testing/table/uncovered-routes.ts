import { admitsAnyone } from "../../policy/authorize.ts";
import type { Policy, Route } from "../../policy/policy.ts";
import type { RowResult } from "./run-table.ts";

/** A route for which a table lacks a row. */
export interface UncoveredRoute {
  readonly route: Route;
  /** What no row shows: that a request is let in, or that one is refused. */
  readonly missing: readonly ("allowed" | "refused")[];
}

/** Whether rows can cover a route. A row has no message, so it says nothing of what an MCP route does with messages. */
export function isCoverable({ mcp }: Route): boolean {
  return mcp === undefined;
}

/**
 * The routes without a row that lets a request in, or without one that refuses a request, in the order of the policy.
 * On a route that takes callers without a token nobody has to be refused. Only rows that pass count.
 */
export function uncoveredRoutes(
  results: readonly RowResult[],
  { routes }: Pick<Policy, "routes">,
): readonly UncoveredRoute[] {
  const passed = results.filter(({ differences }) => differences.length === 0);
  const routesOf = (outcome: string): ReadonlySet<number | undefined> =>
    new Set(passed.filter(({ decision }) => decision.outcome === outcome).map(({ route }) => route?.index));
  const allowed = routesOf("forwarded");
  const refused = routesOf("refused");
  return routes.filter(isCoverable).flatMap((route) => {
    const missing = [
      ...(allowed.has(route.index) ? [] : ["allowed" as const]),
      ...(refused.has(route.index) || admitsAnyone(route.requirement) ? [] : ["refused" as const]),
    ];
    return missing.length === 0 ? [] : [{ route, missing }];
  });
}
