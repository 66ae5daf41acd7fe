import type { McpRules } from "../../policy/mcp/mcp-rules.ts";
import { isDecidedByName, messageRequirements, messageTargets } from "../../policy/mcp/message-targets.ts";
import type { Requirement } from "../../policy/policy.ts";
import type { ObservedLine } from "./observed.ts";

/**
 * What the rules of an MCP route require for the message of a line.
 *
 * @returns `unlisted`: the rules do not serve the message; `undefined`: the line does not tell all that decides it
 */
export function messageRequirementsOf(
  rules: McpRules,
  { method: verb, mcp_method: method, mcp_name: name }: ObservedLine,
): readonly Requirement[] | "unlisted" | undefined {
  // Only a POST has a message. A name that was cut for the log is another name.
  if (verb !== "POST" || method === undefined || method.endsWith("...") || name?.endsWith("...")) return undefined;
  const targets = messageTargets(method, isDecidedByName(method) ? { name, uri: name } : undefined);
  return targets && (messageRequirements(rules, targets) ?? "unlisted");
}
