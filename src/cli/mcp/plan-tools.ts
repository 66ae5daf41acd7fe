import { isObject } from "../../json/json-object.ts";
import { findControlCharacter } from "../../policy/control-characters.ts";
import { insertJson } from "../../policy/source/insert-json.ts";
import type { McpRoute } from "./mcp-route.ts";

/** What a server's tools add to a policy. */
export interface ToolsPlan {
  /** Tools that get an entry without a requirement. */
  readonly added: readonly string[];
  /** Tools that an entry of the policy covers. */
  readonly kept: readonly string[];
  /** Tools whose names no entry can have. */
  readonly skipped: readonly string[];
}

/**
 * Sorts a server's tools by what becomes of them.
 *
 * @param route `undefined`: the policy has none yet
 */
export function planTools(tools: readonly string[], route: McpRoute | undefined): ToolsPlan {
  const kept = tools.filter((tool) => route?.mcp.tools.find(tool) !== undefined);
  const missing = tools.filter((tool) => !kept.includes(tool));
  return { added: missing.filter(isWritable), kept, skipped: missing.filter((tool) => !isWritable(tool)) };
}

/** A name with `*` would stand for others, too. The rest is a fault in every policy. */
function isWritable(name: string): boolean {
  const isReserved = ["__proto__", "constructor", "prototype"].includes(name);
  return !isReserved && !name.includes("*") && findControlCharacter(name) === undefined;
}

/**
 * The methods of a new route: what a client sends before it calls a tool. They tell a caller the names of all tools.
 */
const METHODS = Object.fromEntries(
  ["initialize", "server/discover", "ping", "notifications/*", "tools/list"].map((name) => [
    name,
    { authenticated: true },
  ]),
);

/**
 * Adds an entry for each tool to the text of a policy. An entry has no requirement, which is a fault: somebody must
 * write one before the policy serves. The rest of the text stays as it is.
 *
 * @param route `undefined`: a route is added, too
 * @param made where the new route is, and its upstream
 */
export function mergeTools(
  text: string,
  added: readonly string[],
  route: McpRoute | undefined,
  made: { readonly path: string; readonly upstream: string },
): string {
  if (added.length === 0) return text;
  const file: unknown = JSON.parse(text);
  const routes: unknown = isObject(file) ? file["routes"] : undefined;
  const index = route?.index ?? (Array.isArray(routes) ? routes.length : 0);
  const written: unknown = Array.isArray(routes) ? routes[index] : undefined;
  const mcp = isObject(written) ? written["mcp"] : undefined;
  const at = ["routes", index, "mcp"];
  let withTable = text;
  // A table that is empty at first gets each entry on a line of its own.
  if (written === undefined) {
    const entry = { ...made, mcp: { methods: METHODS, tools: {} } };
    withTable = insertJson(text, { path: ["routes"], entries: [[undefined, entry]] });
  } else if (!(isObject(mcp) && Object.hasOwn(mcp, "tools"))) {
    withTable = insertJson(text, { path: at, entries: [["tools", {}]] });
  }
  return insertJson(withTable, { path: [...at, "tools"], entries: added.map((name) => [name, {}]) });
}
