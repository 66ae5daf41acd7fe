import { jsonTokens } from "./tokens.ts";

/** The position of a value in a JSON text. Offsets are in UTF-16 code units. */
export interface Place {
  /** Where its entry begins: at the name of a member, otherwise at the value itself. */
  readonly offset: number;
  /** Where the value begins and, one further than its last character, ends. */
  readonly start: number;
  readonly end: number;
  /** The entries of an object or array by member name or index, in the order of the text; `undefined` if it has none. */
  readonly inside: ReadonlyMap<string | number, Place> | undefined;
}

/**
 * The places of all values in a JSON text. The text must be valid: it is not checked again. One pass, linear, without
 * recursion, so the text may be nested to any depth.
 */
export function indexPlaces(text: string): Place {
  const root = createPlace(0);
  const open: Open[] = [];
  for (const { kind, text: token, offset } of jsonTokens(text)) {
    const end = offset + token.length;
    const around = open.at(-1);
    if (kind === "}" || kind === "]") {
      const closed = open.pop();
      if (closed) closed.place.end = end;
    } else if (kind === ",") {
      if (around) around.member = undefined;
    } else if (around && !around.isArray && around.member === undefined) {
      around.member = enter(around.place, String(JSON.parse(token)), offset);
    } else if (kind === "{" || kind === "[" || kind === "string" || kind === "literal") {
      const place = placeOfValue(root, around, offset);
      place.start = offset;
      place.end = end;
      if (kind === "{" || kind === "[") open.push({ place, isArray: kind === "[", member: undefined });
    }
  }
  return root;
}

/** The place of the value at a path of member names and indices, or else of the nearest value around it. */
export function placeAt(root: Place, path: readonly (string | number)[]): { place: Place; isExact: boolean } {
  let place = root;
  for (const step of path) {
    const inner = place.inside?.get(step);
    if (inner === undefined) return { place, isExact: false };
    place = inner;
  }
  return { place, isExact: true };
}

/** A place that is still being read. */
interface Growing extends Place {
  offset: number;
  start: number;
  end: number;
  inside: Map<string | number, Growing> | undefined;
}

/** An object or array that is not closed yet. */
interface Open {
  readonly place: Growing;
  readonly isArray: boolean;
  /** The member whose name was read last, until a comma follows. */
  member: Growing | undefined;
}

function placeOfValue(root: Growing, around: Open | undefined, offset: number): Growing {
  if (around === undefined) {
    root.offset = offset;
    return root;
  }
  return around.member ?? enter(around.place, around.place.inside?.size ?? 0, offset);
}

function enter(place: Growing, step: string | number, offset: number): Growing {
  const inner = createPlace(offset);
  place.inside ??= new Map();
  place.inside.set(step, inner);
  return inner;
}

function createPlace(offset: number): Growing {
  return { offset, start: offset, end: offset, inside: undefined };
}
