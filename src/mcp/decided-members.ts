import { isObject, type JsonObject } from "../json/json-object.ts";
import { MAX_MESSAGE_METHOD_LENGTH } from "./message-limits.ts";

/** The member of `_meta` that says which revision of the protocol a message is in. */
export const REVISION_MEMBER = "io.modelcontextprotocol/protocolVersion";

/** The members of a message that decide what it is. */
const MESSAGE = ["jsonrpc", "id", "method", "params", "result", "error"];
/** The member of `params` that decides, or that says which of several things a message is about, by its method. */
export const DECIDING_MEMBER: ReadonlyMap<string, string> = new Map([
  ["tools/call", "name"],
  ["prompts/get", "name"],
  ["resources/read", "uri"],
  ["resources/subscribe", "uri"],
  ["resources/unsubscribe", "uri"],
  ["completion/complete", "ref"],
  ["subscriptions/listen", "notifications"],
  ["tasks/get", "taskId"],
  ["tasks/update", "taskId"],
  ["tasks/cancel", "taskId"],
]);
/** The members of objects in `params` that decide. */
const NESTED: Readonly<Record<string, readonly string[]>> = {
  _meta: [REVISION_MEMBER],
  ref: ["type", "name", "uri"],
  notifications: ["resourceSubscriptions"],
};

/**
 * A member of a message that is not one of those that decide, but looks like one: it has the same letters. The attack:
 * a server that takes it for the one that decides reads another message than the gateway. There are such servers:
 *
 * - without case, so that `Name` is `name` (Go's `encoding/json`; Jackson and Newtonsoft as they are often set)
 * - with NUL and what follows it cut off, so that `"name\u0000"` is `name` (parsers that hold texts of C or compare
 * padded words)
 * - with names in the style of their language as well, so that `resource_subscriptions` and `meta` count (MCP's SDK for
 *   Python, protobuf)
 *
 * @returns its name; `undefined`: there is none
 */
export function lookalikeMember(message: JsonObject): string | undefined {
  const found = lookalikeOf(message, MESSAGE);
  const { method, params } = message;
  if (found !== undefined || typeof method !== "string" || !isObject(params)) return found;
  const decided = ["_meta", DECIDING_MEMBER.get(method) ?? "_meta"];
  const inParams = lookalikeOf(params, decided);
  if (inParams !== undefined) return inParams;
  for (const name of decided) {
    const value = params[name];
    const inside = isObject(value) ? lookalikeOf(value, NESTED[name] ?? []) : undefined;
    if (inside !== undefined) return inside;
  }
  return undefined;
}

function lookalikeOf(object: JsonObject, decided: readonly string[]): string | undefined {
  const letters = decided.map(lettersOf);
  const isLookalike = (name: string) => name.includes("\0") || letters.includes(lettersOf(name));
  return Object.keys(object).find((name) => !decided.includes(name) && isLookalike(name));
}

/**
 * The letters and digits, without case and Unicode form: `ſ` is an `s`, the Kelvin sign a `k`, `ı` and `İ` are an
 * `i`, as servers that ignore case have it, and letters of other widths are plain ones.
 */
function lettersOf(name: string): string {
  // To fold megabytes costs seconds, and no parser takes so long a name for a short one.
  if (name.length > MAX_MESSAGE_METHOD_LENGTH) return "";
  const folded = name.normalize("NFKC").toUpperCase().toLowerCase();
  return folded.replace(/[^\p{L}\p{N}]/gu, "");
}
