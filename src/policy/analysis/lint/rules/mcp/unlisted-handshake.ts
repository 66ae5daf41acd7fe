import type { McpRules } from "../../../../mcp/mcp-rules.ts";
import type { Rule, RuleFinding } from "../rule.ts";

/**
 * MCP routes at which no client can begin: they list neither `initialize` nor
 * `server/discover`, or they list `initialize` without the notification that every client sends after it.
 */
export const unlistedHandshake: Rule = ({ routes }) =>
  routes.flatMap(({ index, mcp }) => {
    const text = mcp && faultOf(mcp);
    return text ? [{ route: index, path: ["routes", index, "mcp", "methods"], ...text }] : [];
  });

function faultOf({ methods }: McpRules): Pick<RuleFinding, "message" | "hint"> | undefined {
  if (methods.find("initialize")) return methods.find(INITIALIZED) ? undefined : WITHOUT_NOTIFICATION;
  return methods.find("server/discover") ? undefined : WITHOUT_BEGINNING;
}

const INITIALIZED = "notifications/initialized";

const WITHOUT_NOTIFICATION = {
  message: `Clients send \`${INITIALIZED}\` after \`initialize\`, and this route refuses it.`,
  hint: `List \`${INITIALIZED}\` or \`notifications/*\` in \`methods\`.`,
};
const WITHOUT_BEGINNING = {
  message: "No client can begin here: neither `initialize` nor `server/discover` is listed.",
  hint: "List `initialize` and `notifications/*` for clients up to revision 2025-11-25, and `server/discover` for later ones.",
};
