import { allowedOrigins } from "../../http/allowed-origins.ts";
import { MCP_TABLES, type McpRules, type McpTable, mcpRules } from "../mcp/mcp-rules.ts";
import { NameTable } from "../mcp/name-table.ts";
import type { Requirement } from "../policy.ts";
import type { CompiledMcp } from "./compiled-policy.ts";

/**
 * The rules of an MCP route as plain JSON.
 *
 * @param indexOf the index of a requirement among all of the policy
 */
export function serializeMcp(rules: McpRules, indexOf: (requirement: Requirement) => number): CompiledMcp {
  const { name, streams, replies, origins, maxBodyBytes, filterLists } = rules;
  const tables = MCP_TABLES.map((table) => [
    table,
    Object.fromEntries(rules[table].entries.entries().map(([pattern, it]) => [pattern, indexOf(it)])),
  ]);
  return {
    ...(name !== undefined && { name }),
    ...(Object.fromEntries(tables) as Pick<CompiledMcp, McpTable>),
    ...(streams && { streams: indexOf(streams) }),
    ...(replies && { replies: indexOf(replies) }),
    ...(origins && { origins: [...origins.exact, ...origins.wildcard] }),
    maxBodyBytes,
    filterLists,
  };
}

/**
 * The rules from their form as plain JSON.
 *
 * @param requirements all of the policy
 * @throws Error a requirement is missing, which only a damaged compiled policy can lead to
 */
export function loadMcp(compiled: CompiledMcp, requirements: readonly Requirement[]): McpRules {
  const { streams, replies, origins, ...rest } = compiled;
  const at = (index: number): Requirement => {
    const requirement = requirements[index];
    if (requirement === undefined)
      throw new Error("The compiled policy lacks a requirement of a message. Build it again.");
    return requirement;
  };
  const tables = MCP_TABLES.map((table) => [
    table,
    new NameTable(Object.entries(compiled[table]).map(([pattern, index]) => [pattern, at(index)])),
  ]);
  return mcpRules({
    ...rest,
    ...(Object.fromEntries(tables) as Record<McpTable, NameTable>),
    ...(streams !== undefined && { streams: at(streams) }),
    ...(replies !== undefined && { replies: at(replies) }),
    ...(origins && { origins: allowedOrigins(origins) }),
  });
}
