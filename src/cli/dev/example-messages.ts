import type { AskedMessage } from "../../explain/message/asked-message.ts";
import type { McpRules } from "../../policy/mcp/mcp-rules.ts";

/** More servers know it than the newest one. A server that insists on a session says so in its answer. */
const REVISION = "2025-11-25";

/** Messages to try with an MCP route: the list of its tools, which changes nothing, and then a call of each tool. */
export function exampleMessages({ methods, tools }: McpRules): readonly AskedMessage[] {
  const list: AskedMessage = { method: "tools/list", names: [], revision: REVISION };
  const calls = Array.from(tools.entries.keys(), (pattern): AskedMessage => {
    return { method: "tools/call", names: [pattern.replace(/\*$/, "1")], revision: REVISION };
  });
  return methods.find("tools/list") === undefined ? calls : [list, ...calls];
}
