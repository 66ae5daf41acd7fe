import type { Requirement, Route } from "../policy.ts";

/**
 * All requirements that a request to a route may have to meet, one of them for each request: the route's own or, on an
 * MCP route, those of messages.
 */
export function requirementsOfRoute({ requirement, mcp }: Route): readonly Requirement[] {
  return mcp?.requirements ?? [requirement];
}
