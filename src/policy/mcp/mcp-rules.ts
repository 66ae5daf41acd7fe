import type { AllowedOrigins } from "../../http/allowed-origins.ts";
import type { Requirement } from "../requirements/requirement.ts";
import type { NameTable } from "./name-table.ts";

/** The tables of an MCP route: a message is decided by the entries for what it names, or by its method. */
export const MCP_TABLES = ["methods", "tools", "resources", "prompts"] as const;
export type McpTable = (typeof MCP_TABLES)[number];

/**
 * The rules of a route that guards a server of the Model Context Protocol. Every requirement is one of a caller with a
 * token, and includes what the route itself asks of tokens: `requirement` of the route, met by every caller who meets
 * any of these.
 */
export interface McpRules extends Readonly<Record<McpTable, NameTable>> {
  /** Name of the protected resource, for people. Left out: it has none. */
  readonly name?: string;
  /** What GET and DELETE of older revisions require. Left out: the route does not serve them. */
  readonly streams?: Requirement;
  /** What JSON-RPC responses of the client require. Left out: they are refused. */
  readonly replies?: Requirement;
  /** The values of `Origin` that may be sent. Left out: none may. */
  readonly origins?: AllowedOrigins;
  readonly maxBodyBytes: number;
  /** Whether what the token may not use is left out of lists. */
  readonly filterLists: boolean;
  /** All requirements above, each once. */
  readonly requirements: readonly Requirement[];
}

/** Puts rules together. `requirements` follows from the other members. */
export function mcpRules(rules: Omit<McpRules, "requirements">): McpRules {
  const { streams, replies } = rules;
  const named = MCP_TABLES.flatMap((table) => [...rules[table].entries.values()]);
  return {
    ...rules,
    requirements: [...new Set([...named, ...(streams ? [streams] : []), ...(replies ? [replies] : [])])],
  };
}
