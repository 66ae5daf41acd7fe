import { failure, type Result, success } from "../result.ts";
import { MAX_MESSAGE_NESTING } from "./message-limits.ts";

/** Keeps a byte order mark, which is no JSON. */
const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Parses JSON (RFC 8259) that all parsers read alike, or says in a sentence why it is not. The attack: a message that the
 * gateway reads in one way and the server in another. Where a member stands twice, some parsers keep the first one and some
 * the last, so that is refused at every depth. So are bytes that are not UTF-8, a byte order mark and deep nesting.
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
  const written = membersWritten(text);
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

/**
 * How many members the objects of a JSON text have as it is written: the colons outside its strings. Linear.
 *
 * @returns `undefined`: it is nested too deep
 */
function membersWritten(text: string): number | undefined {
  let members = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case COLON:
        members += 1;
        break;
      case OPENING_BRACE:
      case OPENING_BRACKET:
        depth += 1;
        if (depth > MAX_MESSAGE_NESTING) return undefined;
        break;
      case CLOSING_BRACE:
      case CLOSING_BRACKET:
        depth -= 1;
        break;
    }
  }
  return members;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACE = 0x7d;
const CLOSING_BRACKET = 0x5d;

/** The offset of the quote that closes a string, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return quote;
  }
  return text.length;
}

/** How many members the objects of a value have. Recurses once for each level, of which there are few. */
function membersOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  let members = items === value ? 0 : items.length;
  for (const item of items) members += membersOf(item);
  return members;
}
