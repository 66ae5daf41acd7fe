import { failure, type Result, success } from "../../result.ts";
import type { Fault } from "../fault.ts";
import { type Position, positionOf } from "./locator.ts";
import { endOfString, type JsonToken, jsonTokens } from "./tokens.ts";

/** Why a text is not JSON. Its path is empty, because a text that is not JSON has no members. */
export interface SyntaxFault extends Fault {
  readonly position: Position;
}

/**
 * Parses a text as JSON (RFC 8259), or returns the first fault with its position. Unlike `JSON.parse`, which drops the
 * first of two members of one name, it refuses such an object. The shape of the value is not checked.
 */
export function parseJson(text: string): Result<unknown, SyntaxFault> {
  const parsed = parsePlainly(text);
  // If an object has a name twice, its value has one member less than names are written.
  if (parsed.ok && countNames(text) === countMembers(parsed.value)) return parsed;
  const flaw = findFlaw(text);
  if (flaw === undefined) return success(JSON.parse(text));
  const { offset, message, hint } = flaw;
  return failure({ path: [], message, hint, position: positionOf(text, offset) });
}

function parsePlainly(text: string): Result<unknown, undefined> {
  try {
    return success(JSON.parse(text));
  } catch {
    return failure(undefined);
  }
}

/** How many names of members a valid JSON text has: strings before a colon. */
function countNames(text: string): number {
  let count = 0;
  for (let start = text.indexOf('"'); start !== -1; ) {
    let next = endOfString(text, start);
    while (isWhiteSpace(text[next])) next += 1;
    if (text[next] === ":") count += 1;
    start = text.indexOf('"', next);
  }
  return count;
}

function isWhiteSpace(character: string | undefined): boolean {
  return character === " " || character === "\n" || character === "\r" || character === "\t";
}

/** How many members the objects of a value have. Keeps a stack, because the text may be nested to any depth. */
function countMembers(value: unknown): number {
  let count = 0;
  const waiting = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== "object" || next === null) continue;
    const members: readonly unknown[] = Array.isArray(next) ? next : Object.values(next);
    if (members !== next) count += members.length;
    for (const member of members) if (typeof member === "object") waiting.push(member);
  }
  return count;
}

interface Flaw {
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
}

/** What may come next. */
type Expected = "value" | "first item" | "first name" | "name" | "colon" | "separator" | "end";

/** Keeps a stack instead of recursing, so the text may be nested to any depth. */
function findFlaw(text: string): Flaw | undefined {
  /** For each open bracket: the names of an object so far, or `undefined` in an array. */
  const open: (Set<string> | undefined)[] = [];
  let expected: Expected = "value";
  for (const token of jsonTokens(text)) {
    const { kind } = token;
    const names = open.at(-1);
    if (kind === "end" && expected === "end") return undefined;
    if ((expected === "value" || expected === "first item") && beginsValue(kind)) {
      if (kind === "{" || kind === "[") open.push(kind === "{" ? new Set() : undefined);
      expected = kind === "{" ? "first name" : kind === "[" ? "first item" : open.length > 0 ? "separator" : "end";
    } else if ((expected === "name" || expected === "first name") && kind === "string") {
      const name: string = JSON.parse(token.text);
      if (names?.has(name)) return duplicate(token);
      names?.add(name);
      expected = "colon";
    } else if (expected === "colon" && kind === ":") expected = "value";
    else if (expected === "separator" && kind === ",") expected = names ? "name" : "value";
    else if (closes(kind, names !== undefined, expected)) {
      open.pop();
      expected = open.length > 0 ? "separator" : "end";
    } else return unexpected(text, token, expected);
  }
  return undefined;
}

function beginsValue(kind: JsonToken["kind"]): boolean {
  return kind === "{" || kind === "[" || kind === "string" || kind === "literal";
}

function closes(kind: JsonToken["kind"], inObject: boolean, expected: Expected): boolean {
  return (
    kind === (inObject ? "}" : "]") &&
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

/** What editors and shells write that JSON does not allow, by its first character. None of these begins a token. */
const USUAL_MISTAKES: Readonly<Record<string, Pick<Flaw, "message" | "hint">>> = {
  "\ufeff": {
    message: "This is not JSON. It begins with a byte order mark.",
    hint: "Save the file as UTF-8 without one.",
  },
  "\ufffd": { message: "This is not UTF-8.", hint: "Save the file as UTF-8." },
  "/": { message: "This is not JSON. It has no comments.", hint: "Remove the comment." },
};

function unexpected(text: string, { kind, offset }: JsonToken, expected: Expected): Flaw {
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  const known = kind === "end" ? undefined : USUAL_MISTAKES[character];
  if (known !== undefined) return { offset, ...known };
  const message = kind === "end" ? "The file ends too early." : `Unexpected \`${character}\`.`;
  return { offset, message: `This is not JSON. ${message}`, hint: `Expected ${WANTED[expected]}.` };
}

function duplicate({ text, offset }: JsonToken): Flaw {
  return { offset, message: `The member ${text} appears twice.`, hint: "Remove one of them." };
}
