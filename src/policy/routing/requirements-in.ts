import type { Requirement, Route } from "../policy.ts";

/**
 * What some routes require of requests, each requirement once: many routes share one. Of MCP routes, these are the
 * requirements of their messages and streams.
 */
export function requirementsIn(routes: readonly Pick<Route, "requirement" | "mcp">[]): ReadonlySet<Requirement> {
  const requirements = new Set<Requirement>();
  for (const { requirement, mcp } of routes) {
    if (mcp === undefined) requirements.add(requirement);
    else for (const own of mcp.requirements) requirements.add(own);
  }
  return requirements;
}
