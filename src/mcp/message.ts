import { isObject } from "../json/json-object.ts";
import { findControlCharacter } from "../policy/control-characters.ts";
import { type MessageTarget, messageTargets } from "../policy/mcp/message-targets.ts";
import { failure, type Result, success } from "../result.ts";
import { DECIDING_MEMBER, lookalikeMember, REVISION_MEMBER } from "./decided-members.ts";
import { MAX_MESSAGE_METHOD_LENGTH, MAX_MESSAGE_NAME_LENGTH } from "./message-limits.ts";

/** The id of a request (JSON-RPC 2.0, 4). */
export type MessageId = string | number;

/** A message of a client. */
export interface Message {
  readonly kind: "request" | "notification" | "reply";
  /** Identifies a request in its response. `undefined`: the message is not a request. */
  readonly id: MessageId | undefined;
  /** `undefined`: it is a reply. */
  readonly method: string | undefined;
  /** What it asks for. Empty for a reply. */
  readonly targets: readonly MessageTarget[];
  /** What `Mcp-Name` says of it; `undefined`: it has no such name. */
  readonly name: string | undefined;
  /** Whether its method is one that must have `Mcp-Name`. */
  readonly isNamed: boolean;
  /** The revision of the protocol in `params._meta`. It may be of any type. `undefined`: it is not there. */
  readonly revision: unknown;
}

/** Codes of JSON-RPC for what is malformed (JSON-RPC 2.0, 5.1). */
export const PARSE_ERROR = -32_700;
export const INVALID_REQUEST = -32_600;
export const INVALID_PARAMS = -32_602;

/** Why a text is not a message. */
export interface MessageFault {
  readonly code: typeof PARSE_ERROR | typeof INVALID_REQUEST | typeof INVALID_PARAMS;
  /** One sentence, for the log. */
  readonly detail: string;
  /** The id of the request, if it can be read. */
  readonly id?: MessageId | undefined;
}

/** The methods whose requests must have `Mcp-Name` (MCP 2026-07-28, Standard Request Headers; tasks extension). */
const NAMED: ReadonlySet<string> = new Set([
  ...["tools/call", "prompts/get", "resources/read"],
  ...["tasks/get", "tasks/update", "tasks/cancel"],
]);

/**
 * Reads one message of JSON-RPC 2.0, as clients of MCP send it: a request, a notification or a reply, and no batch.
 * Refuses a message that a server may read in another way, or that does not say clearly what it asks for.
 *
 * Does not check whether the method exists, or that `params` has all that the method needs.
 *
 * @param value from `parseStrictJson`, so no member is there twice
 */
export function readMessage(value: unknown): Result<Message, MessageFault> {
  if (!isObject(value)) return invalidRequest("The body is not one message.");
  const { jsonrpc, method, params } = value;
  const hasId = Object.hasOwn(value, "id");
  const id = isMessageId(value["id"]) ? value["id"] : undefined;
  const lookalike = lookalikeMember(value);
  if (lookalike !== undefined) return invalidRequest(`The member ${quoted(lookalike)} looks like another one.`, id);
  if (jsonrpc !== "2.0") return invalidRequest("`jsonrpc` is not `2.0`.", id);
  if (hasId && id === undefined) return invalidRequest("`id` is neither a string nor a safe integer.");
  const results = Number(Object.hasOwn(value, "result")) + Number(Object.hasOwn(value, "error"));
  if (!Object.hasOwn(value, "method")) {
    if (results !== 1 || id === undefined) return invalidRequest("The body is neither a call nor a reply.");
    return success({ ...REPLY });
  }
  if (results > 0) return invalidRequest("The message has a method, and a result or an error.", id);
  if (typeof method !== "string" || method.length > MAX_MESSAGE_METHOD_LENGTH || !/^[!-~]+$/.test(method)) {
    return invalidRequest("`method` is not a text of visible ASCII.", id);
  }
  if (Object.hasOwn(value, "params") && !isObject(params)) return invalidParams("`params` is not an object.", id);
  return readCall(method, isObject(params) ? params : {}, { kind: hasId ? "request" : "notification", id });
}

function readCall(
  method: string,
  params: Readonly<Record<string, unknown>>,
  start: Pick<Message, "kind" | "id">,
): Result<Message, MessageFault> {
  const { id } = start;
  const targets = messageTargets(method, params);
  if (targets === undefined) return invalidParams("`params` does not name clearly what the message asks for.", id);
  // Official clients send `Mcp-Name` for every method with a `name` in `params`.
  const member = DECIDING_MEMBER.get(method) ?? "name";
  const name = typeof params[member] === "string" ? params[member] : undefined;
  const isNamed = NAMED.has(method);
  if (isNamed && name === undefined) return invalidParams(`\`params.${member}\` is not a string.`, id);
  const names = [...targets.map((target) => target.name), ...(isNamed ? [String(name)] : [])];
  if (!names.every(isClearName)) return invalidParams("A name is empty, too long, or has control characters.", id);
  const meta = params["_meta"];
  if (meta !== undefined && !isObject(meta)) return invalidParams("`params._meta` is not an object.", id);
  return success({
    ...start,
    method,
    targets,
    name,
    isNamed,
    revision: meta?.[REVISION_MEMBER],
  });
}

const REPLY: Message = {
  kind: "reply",
  id: undefined,
  method: undefined,
  targets: [],
  name: undefined,
  isNamed: false,
  revision: undefined,
};

function isMessageId(value: unknown): value is MessageId {
  return typeof value === "string" || Number.isSafeInteger(value);
}

/**
 * Whether two servers read a name alike. One that takes a name for a text of C would cut it at NUL, and so read another
 * name than the one that was decided on. Surrogates that stand alone have no UTF-8, so they cannot be in a header.
 */
function isClearName(name: string): boolean {
  return (
    name !== "" &&
    name.length <= MAX_MESSAGE_NAME_LENGTH &&
    name.isWellFormed() &&
    findControlCharacter(name) === undefined
  );
}

function invalidRequest(detail: string, id?: MessageId): Result<never, MessageFault> {
  return failure({ code: INVALID_REQUEST, detail, id });
}

function invalidParams(detail: string, id?: MessageId): Result<never, MessageFault> {
  return failure({ code: INVALID_PARAMS, detail, id });
}

function quoted(name: string): string {
  return `\`${name}\``;
}
