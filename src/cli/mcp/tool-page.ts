import { isObject } from "../../json/json-object.ts";
import { type FaultText, fault, type Result, success } from "../../result.ts";

/** One page of a server's `tools/list`. */
export interface ToolPage {
  /** The names, in the order of the server. */
  readonly names: readonly string[];
  /** What to ask for the next page with; `undefined`: this is the last. */
  readonly nextCursor: string | undefined;
}

/** Reads the result of `tools/list`, or the whole JSON-RPC response with it. Only the names count. */
export function readToolPage(value: unknown): Result<ToolPage, FaultText> {
  const result = isObject(value) && isObject(value["result"]) ? value["result"] : value;
  const tools = isObject(result) ? result["tools"] : undefined;
  if (!isObject(result) || !Array.isArray(tools)) {
    return fault("This is not a result of `tools/list`.", "It is an object with a list `tools`.");
  }
  const names = tools.map((tool: unknown) => (isObject(tool) ? tool["name"] : undefined));
  if (!names.every((name) => typeof name === "string" && name !== "")) {
    return fault("A tool of the list has no name.", "Each has a `name` that is a text and not empty.");
  }
  const { nextCursor } = result;
  return success({
    names: names.filter((name) => typeof name === "string"),
    nextCursor: typeof nextCursor === "string" ? nextCursor : undefined,
  });
}
