import type { McpRules } from "../../../../mcp/mcp-rules.ts";
import type { Rule } from "../rule.ts";

/** The methods that tell a client the names in a table. */
const LISTS: { readonly [Table in "tools" | "resources" | "prompts"]: readonly string[] } = {
  tools: ["tools/list"],
  resources: ["resources/list", "resources/templates/list"],
  prompts: ["prompts/list"],
};
const TABLES = ["tools", "resources", "prompts"] as const;

/**
 * Tables of MCP routes whose names no client can list, so that most clients never use them; and `filterLists` where no
 * list is served.
 */
export const unlistedList: Rule = ({ routes }) =>
  routes.flatMap(({ index, mcp }) => {
    if (mcp === undefined) return [];
    const unlisted = TABLES.filter((table) => mcp[table].entries.size > 0 && !isListed(mcp, table));
    const isIdle = mcp.filterLists && !TABLES.some((table) => isListed(mcp, table));
    return [
      ...unlisted.map((table) => ({
        route: index,
        path: ["routes", index, "mcp", table],
        message: `Clients cannot list these ${table}: \`${LISTS[table][0]}\` is not in \`methods\`.`,
        hint: `List \`${LISTS[table][0]}\` in \`methods\`. Leave it out if the clients know the names.`,
      })),
      ...(isIdle ? [{ route: index, path: ["routes", index, "mcp", "filterLists"], ...IDLE_FILTER }] : []),
    ];
  });

const IDLE_FILTER = {
  message: "There is no list to filter: `methods` lists none of `tools/list`, `resources/list` and `prompts/list`.",
  hint: "List one of them in `methods`, or remove `filterLists`.",
};

function isListed({ methods }: McpRules, table: (typeof TABLES)[number]): boolean {
  return LISTS[table].some((method) => methods.find(method) !== undefined);
}
