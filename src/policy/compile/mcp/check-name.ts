import type { Fault, Report } from "../../fault.ts";
import type { McpTable } from "../../mcp/mcp-rules.ts";
import { isDecidedByName } from "../../mcp/message-targets.ts";
import { isPrefixPattern } from "../../mcp/name-table.ts";
import { isNormalTemplate, isPrefixOfNormalUri } from "../../mcp/resource-uri.ts";

/**
 * Checks the name of an entry: a name, or a beginning and `*`. Reports a name that no message can have. Control
 * characters are reported with those of the whole file.
 *
 * @returns whether it has no fault
 */
export function checkName(table: McpTable, name: string, path: Fault["path"], report: Report): boolean {
  const found = faultOf(table, name);
  if (found) report(path, ...found);
  return found === undefined;
}

function faultOf(table: McpTable, name: string): readonly [message: string, hint: string] | undefined {
  const isPrefix = isPrefixPattern(name);
  const text = isPrefix ? name.slice(0, -1) : name;
  if (text.includes("*") && table !== "resources") {
    return ["A `*` is allowed only at the end.", "Write the beginning of the names and one `*`, or list the names."];
  }
  if (table === "methods") {
    if (!/^[!-~]*$/.test(text)) return ["No method has this name.", "Use visible ASCII characters only."];
    if (isDecidedByName(name)) return decidedElsewhere(name);
  }
  if (table === "resources" && !(isPrefix ? isPrefixOfNormalUri(text) : isNormalTemplate(name))) {
    return [
      isPrefix ? "No URI in normal form begins like this." : "This is not a URI in normal form.",
      "Write scheme and host in lower case, without user, dot segments, backslash or fragment, and escape only what a URI cannot contain.",
    ];
  }
  return undefined;
}

function decidedElsewhere(method: string): readonly [message: string, hint: string] {
  const where =
    method === "tools/call"
      ? "Write the tools in `tools`."
      : method === "prompts/get"
        ? "Write the prompts in `prompts`."
        : method === "completion/complete"
          ? "For completions, write the names in `prompts` and `resources`."
          : "Write the URIs in `resources`.";
  return [`An entry for \`${method}\` decides nothing: the name in the message decides it.`, where];
}
