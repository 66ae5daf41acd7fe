import { connectionOptions } from "../http/connection-options.ts";
import { isPlainHeaderName } from "../http/header-names.ts";
import { isOwnHeaderValue } from "../http/own-header-value.ts";
import { failure, type Result, success } from "../result.ts";
import type { Message } from "./message.ts";

/** The revisions of the protocol that may be named, in their order. Older ones name none. */
export const REVISIONS = ["2025-06-18", "2025-11-25", "2026-07-28"] as const;
export type Revision = (typeof REVISIONS)[number];

/** The first revision in which headers must repeat the message, and which has no streams by GET and no replies. */
const FIRST_WITHOUT_SESSIONS = "2026-07-28";

/** The headers that repeat parts of a message (MCP 2026-07-28, Standard Request Headers). */
const REVISION_HEADER = "mcp-protocol-version";
const METHOD_HEADER = "mcp-method";
const NAME_HEADER = "mcp-name";
/** The headers that only a message has. */
const OF_MESSAGE = [METHOD_HEADER, NAME_HEADER, "content-type", "content-length", "content-encoding"];
/** What the names of headers with parameters of a tool begin with. Such a name may have any character of a token. */
const PARAMETER_PREFIX = "mcp-param-";

/**
 * The revision of the protocol that a request is in.
 *
 * @returns `undefined`: the header is not there, so it is older than `MCP-Protocol-Version`. A failure has the value of
 * a header that is doubled, or that names no known revision.
 */
export function revisionOf(headers: Pick<Headers, "get">): Result<Revision | undefined, string> {
  const value = fieldValue(headers, REVISION_HEADER);
  if (value === undefined) return success(undefined);
  const revision = REVISIONS.find((known) => known === value);
  return revision === undefined ? failure(value) : success(revision);
}

/** Whether a revision is one without sessions: 2026-07-28 or later. */
export function isWithoutSessions(revision: Revision | undefined): boolean {
  return revision !== undefined && revision >= FIRST_WITHOUT_SESSIONS;
}

/**
 * Why the headers of a request do not agree with its message, in a sentence, or `undefined` if they do. The attack: a
 * header that names a harmless tool, read by one server on the way, and a body that names another, read by the next.
 *
 * From 2026-07-28 on, `Mcp-Method` must be there, and `Mcp-Name` for a method that has it. In older revisions they must
 * agree if they are there. The revision in `params._meta` must be that of the header.
 */
export function headerMismatch(
  headers: Pick<Headers, "get">,
  { method, name, isNamed, revision: inMessage }: Message,
  revision: Revision | undefined,
): string | undefined {
  const isRequired = isWithoutSessions(revision);
  if (inMessage !== undefined && inMessage !== revision) return "MCP-Protocol-Version is not the revision in `_meta`.";
  const sentMethod = fieldValue(headers, METHOD_HEADER);
  if (sentMethod === undefined ? isRequired : sentMethod !== method) return "Mcp-Method is not the message's method.";
  const sentName = fieldValue(headers, NAME_HEADER);
  if (sentName === undefined) return isRequired && isNamed ? "Mcp-Name is missing." : undefined;
  if (name === undefined || !(sentName === plain(name) || sentName === encoded(name))) {
    return "Mcp-Name is not the name in the message.";
  }
  return undefined;
}

/**
 * Sets the headers of the upstream's request from the message that the gateway decided on: a caller can name a
 * header in `Connection`, and so remove it on the way. Also gives back `Mcp-Param-` headers with characters that other
 * headers of callers must not have.
 *
 * @param headers those of the upstream's request
 * @param incoming the caller's
 */
export function setMessageHeaders(
  headers: Headers,
  incoming: Headers,
  { method, name, isNamed }: Message,
  revision: Revision | undefined,
): void {
  headers.set("content-type", "application/json");
  set(headers, REVISION_HEADER, revision);
  set(headers, METHOD_HEADER, method);
  // A name of a method that need not have it goes on as the caller sent it: it agrees.
  const sent = isNamed || incoming.has(NAME_HEADER) ? name : undefined;
  set(headers, NAME_HEADER, sent === undefined ? undefined : (plain(sent) ?? encoded(sent)));
  const named = connectionOptions(incoming).map((option) => option.toLowerCase());
  for (const [header, value] of incoming) {
    if (header.startsWith(PARAMETER_PREFIX) && !isPlainHeaderName(header) && !named.includes(header)) {
      headers.set(header, value);
    }
  }
}

/** Sets the headers of the upstream's request for a stream: nothing but a message has a method, a name or a body. */
export function setStreamHeaders(headers: Headers, incoming: Headers): void {
  set(headers, REVISION_HEADER, fieldValue(incoming, REVISION_HEADER));
  for (const name of OF_MESSAGE) headers.delete(name);
}

function set(headers: Headers, name: string, value: string | undefined): void {
  if (value === undefined) headers.delete(name);
  else headers.set(name, value);
}

/** The value without white space at its ends (RFC 9110 5.5), which some runtimes leave. */
function fieldValue(headers: Pick<Headers, "get">, name: string): string | undefined {
  return headers.get(name)?.replace(/^[\t ]+|[\t ]+$/g, "");
}

/** The name as a header value without encoding; `undefined`: it needs one. */
function plain(name: string): string | undefined {
  return isOwnHeaderValue(name) && !/^=\?base64\?.*\?=$/.test(name) ? name : undefined;
}

/** The name in the encoding that takes every text (MCP 2026-07-28, Value Encoding). Only one spelling of it counts. */
function encoded(name: string): string {
  const bytes = Array.from(new TextEncoder().encode(name), (byte) => String.fromCharCode(byte));
  return `=?base64?${btoa(bytes.join(""))}?=`;
}
