import type { Denial } from "../answer/denial.ts";
import { failure, type Result, success } from "../result.ts";
import { INVALID_REQUEST, type Message, type MessageId, PARSE_ERROR, readMessage } from "./message.ts";
import { HEADER_MISMATCH, MessageDenial, UNSUPPORTED_REVISION } from "./message-denial.ts";
import { headerMismatch, isWithoutSessions, REVISIONS, type Revision, revisionOf } from "./message-headers.ts";
import { MESSAGE_BODY_TIMEOUT_MS } from "./message-limits.ts";
import { type BodyFailure, readMessageBody } from "./read-message-body.ts";
import { parseStrictJson } from "./strict-json.ts";

/** A POST that was read. */
export interface ReadMessage {
  readonly message: Message;
  readonly revision: Revision | undefined;
  /** The bytes of the body. */
  readonly body: Uint8Array;
}

/** Why a POST is refused, and the id of its request, if that can be read. */
export interface MessageRefusal {
  readonly denial: Denial;
  readonly id?: MessageId | undefined;
}

/**
 * Reads the one message of a POST (MCP, Streamable HTTP, Sending Messages), and compares the headers that repeat it.
 * Does not check whether the message is permitted.
 *
 * @param maxBytes of the body
 */
export async function readPost(request: Request, maxBytes: number): Promise<Result<ReadMessage, MessageRefusal>> {
  const { headers } = request;
  const encoding = headers.get("content-encoding");
  // Compressed bytes, or another character set, could be another message to the server than to the gateway.
  if (encoding !== null || !isPlainJson(headers.get("content-type"))) {
    const detail = encoding === null ? "The content type is not application/json." : "The body has a content encoding.";
    return failure({ denial: new MessageDenial("message-malformed", detail, { code: PARSE_ERROR, status: 415 }) });
  }
  const announced = headers.get("content-length");
  if (Number(announced ?? 0) > maxBytes) return withoutBody("too-long", maxBytes);
  const arrived = await readMessageBody(request, { maxBytes, timeoutMs: MESSAGE_BODY_TIMEOUT_MS });
  if (!arrived.ok) return withoutBody(arrived.failure, maxBytes);
  const body = arrived.value;
  if (announced !== null && announced !== String(body.length)) {
    return malformed(PARSE_ERROR, "The body is not as long as Content-Length says.");
  }
  const json = parseStrictJson(body);
  if (!json.ok) return malformed(PARSE_ERROR, json.failure);
  const read = readMessage(json.value);
  if (!read.ok) return malformed(read.failure.code, read.failure.detail, read.failure.id);
  const message = read.value;
  const revision = revisionOf(headers);
  if (!revision.ok) return failure({ denial: unknownRevision(revision.failure), id: message.id });
  if (message.kind === "reply" && isWithoutSessions(revision.value)) {
    return malformed(INVALID_REQUEST, `Clients send no replies in revision ${revision.value}.`);
  }
  const mismatch = headerMismatch(headers, message, revision.value);
  if (mismatch !== undefined) {
    const denial = new MessageDenial("message-header-mismatch", mismatch, { code: HEADER_MISMATCH });
    return failure({ denial, id: message.id });
  }
  return success({ message, revision: revision.value, body });
}

/**
 * The refusal of a header that names no known revision. One that could be a revision is told which are known, so that a
 * newer client can choose one (MCP 2026-07-28, Protocol Version Negotiation).
 */
export function unknownRevision(value: string): Denial {
  const detail = "MCP-Protocol-Version is not one known revision.";
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) {
    return new MessageDenial("message-header-mismatch", detail, { code: HEADER_MISMATCH });
  }
  const data = { supported: REVISIONS, requested: value };
  return new MessageDenial("message-header-mismatch", detail, { code: UNSUPPORTED_REVISION, data });
}

/** Whether the content type is JSON in UTF-8, said once. */
function isPlainJson(contentType: string | null): boolean {
  return (
    contentType !== null &&
    /^application\/json[\t ]*(?:;[\t ]*charset=(?:utf-8|"utf-8")[\t ]*)?$/i.test(contentType.trim())
  );
}

/** The refusal of a body that was not read to its end. */
function withoutBody(why: BodyFailure, maxBytes: number): Result<never, MessageRefusal> {
  switch (why) {
    case "too-long":
      return failure({ denial: new MessageDenial("body-too-large", `The body has more than ${maxBytes} bytes.`) });
    case "too-slow": {
      const detail = `The body did not arrive within ${MESSAGE_BODY_TIMEOUT_MS} ms.`;
      return failure({ denial: new MessageDenial("message-malformed", detail, { code: PARSE_ERROR, status: 408 }) });
    }
    case "broken-off":
      return malformed(PARSE_ERROR, "The body broke off.");
  }
}

function malformed(code: number, detail: string, id?: MessageId): Result<never, MessageRefusal> {
  return failure({ denial: new MessageDenial("message-malformed", detail, { code }), id });
}
