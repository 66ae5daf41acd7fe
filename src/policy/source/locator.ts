import type { Fault } from "../fault.ts";
import { type Place, placeAt, rootPlace } from "./places.ts";

/** A place in a text, both counted from 1; columns in UTF-16 code units, as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The position of a member or item of a JSON text. */
export type Locator = (path: Fault["path"]) => Position;

/**
 * Makes a function that gives the position of a path in a JSON text. For a member that is the position of its name, for
 * an item that of its first character. If the path is missing, the function gives the position of the nearest value
 * around it.
 *
 * The text must be valid JSON. It is read as far as the positions need it, in linear time, however deep it is nested.
 */
export function createLocator(text: string): Locator {
  let known: Places | undefined;
  return (path) => {
    known ??= readPlaces(text);
    return positionIn(known.lineStarts, placeAt(known.root, path).place.offset);
  };
}

interface Places {
  readonly root: Place;
  readonly lineStarts: readonly number[];
}

function readPlaces(text: string): Places {
  const lineStarts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lineStarts.push(at + 1);
  return { root: rootPlace(text), lineStarts };
}

/** The position of one offset. To find many positions in one text, use `createLocator`. */
export function positionOf(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split("\n");
  return { line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
}

function positionIn(lineStarts: readonly number[], offset: number): Position {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}
