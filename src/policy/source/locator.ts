import type { Fault } from "../fault.ts";

/** A place in a text, both counted from 1; columns in UTF-16 code units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The places of all members and items of a JSON text. */
export type Locator = (path: Fault["path"]) => Position;

/**
 * Makes the function that says where in a JSON text a path stands: the name of a member, the first character of an item.
 * For what is not there (a fault may be that something is missing) it is the nearest thing around it.
 *
 * The text must have been parsed before: it is not checked again. One pass, linear, however deep the nesting.
 */
export function createLocator(text: string): Locator {
  const root = indexText(text);
  const lineStarts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lineStarts.push(at + 1);
  return (path) => {
    let place = root;
    for (const step of path) {
      const inner = place.inside?.get(step);
      if (inner === undefined) break;
      place = inner;
    }
    return positionOf(place.offset, lineStarts);
  };
}

interface Place {
  readonly offset: number;
  /** By member name or index; made when the first one is found. */
  inside: Map<string | number, Place> | undefined;
}

/** An open bracket: whose inside it is, and what comes next in it. */
interface Open {
  readonly place: Place;
  readonly isArray: boolean;
  /** The name of the member whose value comes next, once it was read. */
  name: string | undefined;
  count: number;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

function indexText(text: string): Place {
  const root: Place = { offset: Math.max(0, text.search(/\S/)), inside: undefined };
  const open: Open[] = [];
  let value = root;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const around = open.at(-1);
    if (token === "}" || token === "]") open.pop();
    else if (token === ":" || token === ",") {
      if (token === "," && around) around.name = undefined;
    } else if (around && !around.isArray && around.name === undefined) {
      around.name = String(JSON.parse(token));
      value = enter(around.place, around.name, index);
    } else {
      if (around?.isArray) value = enter(around.place, around.count++, index);
      if (token === "{" || token === "[")
        open.push({ place: value, isArray: token === "[", name: undefined, count: 0 });
    }
  }
  return root;
}

function enter(place: Place, step: string | number, offset: number): Place {
  const inner: Place = { offset, inside: undefined };
  place.inside ??= new Map();
  place.inside.set(step, inner);
  return inner;
}

function positionOf(offset: number, lineStarts: readonly number[]): Position {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}
