/**
 * Characters that change how text around them is shown: C0 and C1 controls and DEL (escape sequences, carriage
 * returns), Unicode's direction marks ("Trojan Source"), and the separators of lines and paragraphs. Written out,
 * because V8 would build the sets of `\p{Cc}` and `\p{Bidi_Control}` each time that a Worker starts.
 */
const CONTROL = /[^ -~\xa0-\uffff]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The first control character in a text. */
export function findControlCharacter(text: string): string | undefined {
  return text.match(CONTROL)?.[0];
}

/** The text with each control character written as `\u{1b}`, so that people see it and nothing obeys it. */
export function escapeControlCharacters(text: string): string {
  return text.replace(CONTROL, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
