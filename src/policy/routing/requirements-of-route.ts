import type { Requirement, Route } from "../policy.ts";

/** All requirements of which a request to a route must meet one: the route's own or, on an MCP route, those of messages. */
export function requirementsOfRoute({ requirement, mcp }: Route): readonly Requirement[] {
  return mcp?.requirements ?? [requirement];
}
