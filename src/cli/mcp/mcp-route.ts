import type { McpRules } from "../../policy/mcp/mcp-rules.ts";
import type { Policy, Route } from "../../policy/policy.ts";
import { UsageError } from "../args/exit-code.ts";

/** A route that decides messages. */
export type McpRoute = Route & { readonly mcp: McpRules };

/** The option of both commands about MCP servers. */
export const routeOption = {
  route: {
    type: "string",
    valueHint: "path",
    description: "The path of the MCP route. Default: the only one of the policy.",
  },
} as const;

/**
 * The MCP route that is meant.
 *
 * @param path `undefined`: the only one
 * @returns `undefined`: the policy has none with this path, or none at all
 * @throws UsageError there are several to choose from
 */
export function mcpRouteOf({ routes }: Pick<Policy, "routes">, path: string | undefined): McpRoute | undefined {
  const all = routes.filter((route): route is McpRoute => route.mcp !== undefined);
  const [route, ...more] = path === undefined ? all : all.filter((it) => it.path === path);
  if (more.length === 0) return route;
  if (path !== undefined) throw new UsageError(`The policy has several MCP routes ${path}, on different hosts.`);
  throw new UsageError(`Name the route with --route. Known: ${all.map((it) => it.path).join(", ")}.`);
}
