import { readMessage } from "../../mcp/message.ts";
import { accessTo, clientAccess } from "../../policy/analysis/client-access.ts";
import type { McpRules, McpTable } from "../../policy/mcp/mcp-rules.ts";
import type { Policy, Requirement } from "../../policy/policy.ts";
import { type AskedMessage, messagePost } from "./asked-message.ts";

/** What an MCP route makes of a message. */
export interface ExplainedMessage {
  /**
   * What the message asks for. The caller must meet the requirements of all of it. Empty for replies and malformed
   * messages.
   */
  readonly targets: readonly ExplainedTarget[];
  /**
   * Names of the registered clients that may send it with the scopes of their registrations, if it is not refused to
   * all.
   */
  readonly clients: readonly string[];
}

/** Something that the message asks for. */
export interface ExplainedTarget {
  /** The table of the route that decides it. */
  readonly table: McpTable;
  readonly name: string;
  /**
   * The entry that decides it: the longest that covers the name. Left out: no entry does, so the message is refused.
   */
  readonly entry?: string;
}

/**
 * Explains which entries of a route decide a message.
 *
 * @param requirement what the message requires; `undefined`: it is refused to everyone
 */
export function explainMessage(
  message: AskedMessage,
  rules: McpRules,
  requirement: Requirement | undefined,
  policy: Policy,
): ExplainedMessage {
  const able = clientAccess(policy).filter((access) => requirement && accessTo(requirement, access) === "yes");
  return { targets: targetsOf(message, rules), clients: able.map(({ client }) => client.name) };
}

/** What a message asks for, with the entries that decide it. */
export function targetsOf(message: AskedMessage, rules: McpRules): readonly ExplainedTarget[] {
  const read = readMessage(JSON.parse(messagePost(message).body));
  if (!read.ok) return [];
  return read.value.targets.map(({ table, name }) => {
    const entry = rules[table].find(name);
    return { table, name, ...(entry && { entry: entry.pattern }) };
  });
}
