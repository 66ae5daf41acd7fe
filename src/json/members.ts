/**
 * A JSON text in which an object has a member twice has more members than its value. `JSON.parse` keeps the last of the
 * two, and other parsers keep the first: the attack is a text that the gateway reads in one way and its author or a
 * server in another. Compare both numbers to refuse such a text.
 */

/**
 * How many members the objects of a JSON text have as it is written: the colons outside its strings. The text need not
 * be JSON. Takes linear time.
 *
 * @returns `undefined`: it nests more than `levels` objects and arrays
 */
export function membersWritten(text: string, levels: number): number | undefined {
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
        if (depth > levels) return undefined;
        break;
      case CLOSING_BRACE:
      case CLOSING_BRACKET:
        depth -= 1;
        break;
    }
  }
  return members;
}

/** How many members the objects of a value have. Recurses once for each level, so bound them first. */
export function membersOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  let members = items === value ? 0 : items.length;
  for (const item of items) members += membersOf(item);
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
