import { isPrefixPattern } from "../../policy/mcp/name-table.ts";
import type { McpRoute } from "./mcp-route.ts";

/** How a server's tools and the entries of a route differ. Both lists are empty if they agree. */
export interface McpDrift {
  /** Tools of the server that no entry covers: every call of them is refused. */
  readonly unlisted: readonly string[];
  /** Entries in `tools` that no tool of the server has, in the order of the file. */
  readonly unknown: readonly string[];
}

/** Compares the tools of a server with the entries of a route. What they require does not matter. */
export function mcpDrift(tools: readonly string[], { mcp }: Pick<McpRoute, "mcp">): McpDrift {
  const found = tools.map((tool) => ({ tool, pattern: mcp.tools.find(tool)?.pattern }));
  const isUsed = (pattern: string): boolean =>
    isPrefixPattern(pattern) ? tools.some((tool) => tool.startsWith(pattern.slice(0, -1))) : tools.includes(pattern);
  return {
    unlisted: found.flatMap(({ tool, pattern }) => (pattern === undefined ? [tool] : [])),
    unknown: [...mcp.tools.entries.keys()].filter((pattern) => !isUsed(pattern)),
  };
}
