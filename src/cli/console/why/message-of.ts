import { isDeepStrictEqual } from "node:util";
import { type AskedMessage, askedMessage, messagePost } from "../../../explain/message/asked-message.ts";
import { isObject } from "../../../json/json-object.ts";
import { DECIDING_MEMBER } from "../../../mcp/decided-members.ts";
import { readMessage } from "../../../mcp/message.ts";
import { REVISIONS, type Revision } from "../../../mcp/message-headers.ts";
import { parseStrictJson } from "../../../mcp/strict-json.ts";
import { nameHint } from "../../../policy/suggestion.ts";
import { UsageError } from "../../args/exit-code.ts";

const COMPLETE = "completion/complete";
const LISTEN = "subscriptions/listen";

/**
 * The MCP message that a text means: its method and names, such as `tools/call create_order`, or its body as JSON.
 *
 * It takes from a body only what decides. The arguments of a tool may be private, and would stand in the address. So
 * the length of the body is not checked.
 *
 * @param revision the revision that the request names; `undefined`: that of the body, or the newest
 * @throws UsageError the text is none, or the gateway refuses such a body as malformed
 */
export function messageOf(text: string, revision: string | undefined): AskedMessage {
  const named = revision === undefined ? undefined : revisionNamed(revision);
  return text.startsWith("{") || text.startsWith("[") ? messageOfBody(text, named) : messageOfWords(text, named);
}

function messageOfWords(text: string, revision: Revision | undefined): AskedMessage {
  const [method = "", ...words] = text.split(/\s+/);
  const rest = text.slice(method.length).trim();
  const [first = "", ...others] = words;
  // A name may contain spaces where it is the only one.
  const names = method === LISTEN ? words : method === COMPLETE ? [first, others.join(" ")] : rest ? [rest] : [];
  return askedOf(method, names.filter(Boolean), revision);
}

function messageOfBody(text: string, revision: Revision | undefined): AskedMessage {
  const json = parseStrictJson(new TextEncoder().encode(text));
  if (!json.ok) throw refused(json.failure);
  const read = readMessage(json.value);
  if (!read.ok) throw refused(read.failure.detail);
  const { kind, method, targets, revision: inBody } = read.value;
  if (kind === "reply" || method === undefined) return askedOf("reply", [], revision);
  const inMessage = inBody === undefined ? undefined : revisionNamed(String(inBody));
  if (revision !== undefined && inMessage !== undefined && revision !== inMessage) {
    throw refused("MCP-Protocol-Version is not the revision in `_meta`.");
  }
  const params = isObject(json.value) && isObject(json.value["params"]) ? json.value["params"] : {};
  const asked = askedOf(method, namesIn(method, params), revision ?? inMessage);
  const again = readMessage(JSON.parse(messagePost(asked).body));
  if (!again.ok || !isDeepStrictEqual(again.value.targets, targets)) {
    throw new UsageError("This body asks for several things. Ask about each of them by its method and name.");
  }
  return asked;
}

/** The names in a message that decide, in the order in which people write them. */
function namesIn(method: string, params: Readonly<Record<string, unknown>>): readonly string[] {
  const member = DECIDING_MEMBER.get(method);
  const value = member === undefined ? undefined : params[member];
  if (typeof value === "string") return [value];
  if (!isObject(value)) return [];
  if (method === COMPLETE) return [value["type"], value["name"] ?? value["uri"]].map(String);
  const uris = value["resourceSubscriptions"];
  return Array.isArray(uris) ? uris.map(String) : [];
}

function askedOf(method: string, names: readonly string[], revision: Revision | undefined): AskedMessage {
  const asked = askedMessage(method, names, revision);
  if (asked.ok) return asked.value;
  throw new UsageError(asked.failure);
}

function revisionNamed(text: string): Revision {
  const revision = REVISIONS.find((it) => it === text);
  if (revision !== undefined) return revision;
  throw new UsageError(`This is not a revision of the protocol. ${nameHint(text, REVISIONS)}`);
}

function refused(detail: string): UsageError {
  return new UsageError(`The gateway refuses this body as malformed. ${detail}`);
}
