import { escapeControlCharacters } from "../policy/control-characters.ts";

/** Most texts have no other characters. */
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * A text of somebody else as the log may hold it: control characters and changes of the text's direction are written as
 * `\u{1b}`, so that no terminal obeys them and no line breaks. A longer text is cut, and then ends in `...`.
 *
 * @param maxLength in UTF-16 code units, the dots included
 */
export function loggable(text: string, maxLength: number): string {
  if (text.length <= maxLength && PLAIN.test(text)) return text;
  // Cut before the search, too: the text may be long.
  const safe = escapeControlCharacters(text.slice(0, maxLength + 1).toWellFormed());
  return safe.length <= maxLength ? safe : `${safe.slice(0, maxLength - 3).toWellFormed()}...`;
}

/** The same for a text that nobody vouches for: without anything that looks like a credential. */
export function loggableUnverified(text: string, maxLength: number): string {
  return loggable(withoutTokens(text), maxLength);
}

/**
 * What looks like a credential: one with its scheme, and a compact JWS, whose header begins with the base64url of `{`
 * and of a quote or white space. The form with white space is looked for only where a part begins and a second one
 * follows. Callers choose the text, and a search from each `-e` would take quadratic time.
 */
const CREDENTIAL =
  /\b(?:Bearer|DPoP)\s+\S+|eyJ[\w.-]+|(?<![\w-])(?=[\w-]+\.[\w-]+\.)(?:[\w-]*?-)?e(?:w|y(?!J))[\w-]{14,}\.[\w-]+\.[\w-]*/gi;

/**
 * A text of unknown origin without anything that looks like a credential. The runtime's own messages can quote a header
 * that it refused, and with it a token.
 */
export function withoutTokens(text: string): string {
  return text.replace(CREDENTIAL, "[token]");
}
