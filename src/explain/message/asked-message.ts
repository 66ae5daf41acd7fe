import { readMessage } from "../../mcp/message.ts";
import { type Revision, setMessageHeaders } from "../../mcp/message-headers.ts";
import { closest } from "../../policy/suggestion.ts";
import { failure, type Result, success } from "../../result.ts";

/** An MCP message that an explanation is about. */
export type AskedMessage = {
  /** The revision of the protocol that the request is in, as `MCP-Protocol-Version` has it. */
  readonly revision: Revision;
} & (
  | {
      readonly method: string;
      /**
       * What the message names: a tool, a prompt, a task or URIs; for `completion/complete` the type of its `ref`
       * first.
       */
      readonly names: readonly string[];
    }
  /** The client's response to a request of the server. */
  | { readonly reply: true }
);

/** The word that stands for a reply, as in the matrix. No method of the protocol has this name. */
const REPLY = "reply";
const COMPLETE = "completion/complete";
const LISTEN = "subscriptions/listen";

/** The newest revision, and the newest in which clients send replies. */
const NEWEST: Revision = "2026-07-28";
const NEWEST_WITH_REPLIES: Revision = "2025-11-25";

/** The members of `params` that name what the message is about, by the method, and the word for it in the help. */
const NAMED: ReadonlyMap<string, { readonly member: string; readonly word: string }> = new Map([
  ["tools/call", { member: "name", word: "TOOL" }],
  ["prompts/get", { member: "name", word: "PROMPT" }],
  ["resources/read", { member: "uri", word: "URI" }],
  ["resources/subscribe", { member: "uri", word: "URI" }],
  ["resources/unsubscribe", { member: "uri", word: "URI" }],
]);
/** The methods of the tasks extension. No entry looks at the task, but headers repeat it. */
const OF_TASKS: ReadonlySet<string> = new Set(["tasks/get", "tasks/update", "tasks/cancel"]);

/**
 * The message that some words mean. Does not check whether such a message is well-formed beyond having a name where its
 * method takes one: the gateway does, and its refusal is explained.
 *
 * @param method a method, or `reply`
 * @param revision default: the newest in which there are such messages
 * @returns a failure has one sentence or two for people
 */
export function askedMessage(
  method: string,
  names: readonly string[],
  revision?: Revision,
): Result<AskedMessage, string> {
  if (method === "") return failure("The method of the message is empty.");
  if (names.includes("")) return failure("A name is empty.");
  const most = mostNames(method);
  const least = method === COMPLETE ? 2 : NAMED.has(method) ? 1 : 0;
  if (names.length < least || names.length > most || (method === COMPLETE && !REFS.has(names[0] ?? ""))) {
    return failure(`Write ${usageOf(method)}.${methodHint(method)}`);
  }
  if (method === REPLY) return success({ reply: true, revision: revision ?? NEWEST_WITH_REPLIES });
  return success({ method, names, revision: revision ?? NEWEST });
}

function mostNames(method: string): number {
  if (method === LISTEN) return Number.POSITIVE_INFINITY;
  if (method === COMPLETE) return 2;
  return NAMED.has(method) || OF_TASKS.has(method) ? 1 : 0;
}

const REFS: ReadonlySet<string> = new Set(["ref/prompt", "ref/resource"]);

/** How messages with this method are written. */
function usageOf(method: string): string {
  if (method === COMPLETE) return `\`${method} ref/prompt PROMPT\` or \`${method} ref/resource URI\``;
  if (OF_TASKS.has(method)) return `\`${method}\`, with one task or none`;
  const { word } = NAMED.get(method) ?? {};
  return word === undefined ? `\`${method}\` without a name: the method decides` : `\`${method} ${word}\``;
}

/** The method with a name that was meant, if another one was written by mistake. */
function methodHint(method: string): string {
  const meant = closest(method, [...NAMED.keys(), ...OF_TASKS, COMPLETE, LISTEN]);
  return meant === undefined || meant === method ? "" : ` Did you mean \`${meant}\`?`;
}

/** A message in words, as it is asked for: `tools/call create_order`, `reply`. */
export function askedMessageText(message: AskedMessage): string {
  return "reply" in message ? REPLY : [message.method, ...message.names].join(" ");
}

/** The body of the POST with a message, and its headers as official clients write them. */
export function messagePost(message: AskedMessage): { readonly body: string; readonly headers: Headers } {
  const json = "reply" in message ? { jsonrpc: "2.0", id: 1, result: {} } : callOf(message.method, message.names);
  const headers = new Headers({ "content-type": "application/json", "mcp-protocol-version": message.revision });
  const read = readMessage(json);
  // The gateway refuses a malformed message before it compares headers.
  if (read.ok) setMessageHeaders(headers, new Headers(), read.value, message.revision);
  return { body: JSON.stringify(json), headers };
}

function callOf(method: string, names: readonly string[]): Readonly<Record<string, unknown>> {
  const isNotification = method.startsWith("notifications/");
  return { jsonrpc: "2.0", ...(!isNotification && { id: 1 }), method, params: paramsOf(method, names) };
}

function paramsOf(method: string, names: readonly string[]): Readonly<Record<string, unknown>> {
  const [first = "", second] = names;
  const { member } = NAMED.get(method) ?? {};
  if (member !== undefined) return { [member]: first };
  if (OF_TASKS.has(method)) return { taskId: first || "task-1" };
  if (method === LISTEN) return { notifications: names.length === 0 ? {} : { resourceSubscriptions: names } };
  if (method !== COMPLETE) return {};
  return { ref: { type: first, [first === "ref/prompt" ? "name" : "uri"]: second } };
}
