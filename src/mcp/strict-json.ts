import { membersOf, membersWritten } from "../json/members.ts";
import { failure, type Result, success } from "../result.ts";
import { MAX_MESSAGE_NESTING } from "./message-limits.ts";

/** Keeps a byte order mark, which is not JSON. */
const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Parses JSON (RFC 8259) that all parsers read alike, or says in a sentence why it is not. The attack: a message that
 * the gateway reads in one way and the server in another. Where a member stands twice, some parsers keep the first one
 * and some the last, so that is refused at every depth. So are bytes that are not UTF-8, a byte order mark and deep
 * nesting.
 *
 * Takes numbers of any size and lone surrogates in strings. The caller must not decide by them.
 */
export function parseStrictJson(bytes: Uint8Array): Result<unknown, string> {
  let text: string;
  try {
    text = UTF_8.decode(bytes);
  } catch {
    return failure("The body is not UTF-8.");
  }
  // Before the text is parsed: millions of nested arrays would fill the memory.
  const written = membersWritten(text, MAX_MESSAGE_NESTING);
  if (written === undefined) return failure(`The body nests more than ${MAX_MESSAGE_NESTING} objects and arrays.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return failure("The body is not JSON.");
  }
  // `JSON.parse` keeps one of two members with one name, so fewer are left than are written.
  return membersOf(value) === written ? success(value) : failure("An object in the body has a member twice.");
}
