import { stripVTControlCharacters } from "node:util";
import { escapeControlCharacters } from "../../policy/control-characters.ts";
import { isColoured, SGR } from "./colours.ts";

/**
 * Prints lines for people. The names in them come from the policy, from tokens and from documents of others. Each line
 * stays one line, and steers no terminal. Only the colours of `coloursFor` pass, and only where it paints.
 */
export function printLines(lines: readonly string[]): void {
  const escapeLine = isColoured() ? escapeExceptColours : escapeControlCharacters;
  console.log(lines.map(escapeLine).join("\n"));
}

/** Prints lines for people to stderr, without colours. */
export function printErrorLines(lines: readonly string[]): void {
  console.error(lines.map((line) => escapeControlCharacters(stripVTControlCharacters(line))).join("\n"));
}

function escapeExceptColours(line: string): string {
  // With a capturing group, `split` gives the separators at the odd places.
  return line
    .split(SGR)
    .map((part, at) => (at % 2 === 1 ? part : escapeControlCharacters(part)))
    .join("");
}
