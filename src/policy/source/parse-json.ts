import type { Fault } from "../fault.ts";
import type { Position } from "./locator.ts";

/** What keeps a text from being JSON. Its path is empty: there are no members yet that could have one. */
export interface SyntaxFault extends Fault {
  readonly position: Position;
}

/**
 * Parses the text of `routes.json` as JSON (RFC 8259). What is not JSON, or names one member twice (of which JSON.parse
 * would silently drop the first), is one fault with its position. The shape is not checked.
 */
export function parsePolicyFile(text: string): { readonly value: unknown } | { readonly fault: SyntaxFault } {
  const flaw = findFlaw(text);
  if (flaw === undefined) return { value: JSON.parse(text) };
  const { offset, message, hint } = flaw;
  return { fault: { path: [], message, hint, position: positionOf(text, offset) } };
}

interface Flaw {
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
}

/** White space, then a bracket, a separator, a string, or a number or word. */
const TOKEN =
  /[\t\n\r ]*(?:([{}[\],:])|("(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*")|((?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])))/uy;

/** What may come next. */
type Expected = "value" | "first item" | "first name" | "name" | "colon" | "separator" | "end";

/** One pass that keeps a stack instead of recursing: a file may be nested as deep as it likes. */
function findFlaw(text: string): Flaw | undefined {
  /** For each open bracket: the names of an object so far, or `undefined` in an array. */
  const open: (Set<string> | undefined)[] = [];
  let expected: Expected = "value";
  TOKEN.lastIndex = 0;
  for (;;) {
    const from = TOKEN.lastIndex;
    const [token, mark, string] = TOKEN.exec(text) ?? [];
    if (token === undefined) {
      const offset = from + text.slice(from).search(/[^\t\n\r ]|$/);
      return expected === "end" && offset === text.length ? undefined : unexpected(text, offset, expected);
    }
    const offset = TOKEN.lastIndex - token.trimStart().length;
    const names = open.at(-1);
    const opens: boolean = mark === "{" || mark === "[";
    if ((expected === "value" || expected === "first item") && (opens || mark === undefined)) {
      if (opens) open.push(mark === "{" ? new Set() : undefined);
      expected = mark === "{" ? "first name" : mark === "[" ? "first item" : open.length > 0 ? "separator" : "end";
    } else if ((expected === "name" || expected === "first name") && string !== undefined) {
      const name: string = JSON.parse(string);
      if (names?.has(name)) return { offset, message: `The member ${string} is there twice.`, hint: "Leave one out." };
      names?.add(name);
      expected = "colon";
    } else if (expected === "colon" && mark === ":") expected = "value";
    else if (expected === "separator" && mark === ",") expected = names ? "name" : "value";
    else if (closes(mark, names !== undefined, expected)) {
      open.pop();
      expected = open.length > 0 ? "separator" : "end";
    } else return unexpected(text, offset, expected);
  }
}

function closes(mark: string | undefined, inObject: boolean, expected: Expected): boolean {
  return (
    mark === (inObject ? "}" : "]") &&
    (expected === "separator" || expected === (inObject ? "first name" : "first item"))
  );
}

const WANTED: Readonly<Record<Expected, string>> = {
  value: "a value",
  "first item": "a value or `]`",
  "first name": 'a name in `"` or `}`',
  name: 'a name in `"`',
  colon: "`:`",
  separator: "`,` or a closing bracket",
  end: "the end",
};

function unexpected(text: string, offset: number, expected: Expected): Flaw {
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  const message =
    offset === text.length ? "The file ends too early." : `\`${character}\` begins nothing that fits here.`;
  return { offset, message: `This is not JSON. ${message}`, hint: `Expected ${WANTED[expected]}.` };
}

function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
