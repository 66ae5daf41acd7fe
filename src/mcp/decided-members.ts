type JsonObject = Readonly<Record<string, unknown>>;

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
 * A member of a message that is not one of those that decide, but looks like one. The attack: many servers match names of
 * members without case (Go's `encoding/json`, Jackson and Newtonsoft as they are often set), and so take `Name` for `name`.
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

/** Whether a value is an object of JSON. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function lookalikeOf(object: JsonObject, decided: readonly string[]): string | undefined {
  for (const name of Object.keys(object)) {
    if (!decided.includes(name) && isFolded(folded(name), decided)) return name;
  }
  return undefined;
}

function isFolded(name: string, decided: readonly string[]): boolean {
  return decided.some((one) => one.toLowerCase() === name);
}

/**
 * A name without case and Unicode form: `ſ` is an `s`, the Kelvin sign a `k`, `ı` and `İ` are an `i`, as servers that ignore
 * case have it, and letters of other widths are plain ones.
 */
function folded(name: string): string {
  return name.normalize("NFKC").toUpperCase().toLowerCase().replaceAll("\u0307", "");
}
