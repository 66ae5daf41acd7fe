/**
 * Characters that change how text around them is shown: C0 and C1 controls and DEL (escape sequences, carriage returns),
 * Unicode's direction marks ("Trojan Source"), and the separators of lines and paragraphs.
 */
const CONTROL = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;
const CONTROLS = new RegExp(CONTROL, "gu");

/** The first control character in a text. */
export function findControlCharacter(text: string): string | undefined {
  return CONTROL.exec(text)?.[0];
}

/** The text with each control character written as `\u{1b}`, so that people see it and nothing obeys it. */
export function escapeControlCharacters(text: string): string {
  return text.replace(CONTROLS, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
