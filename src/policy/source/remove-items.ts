import { type Place, placeAt, rootPlace } from "./places.ts";

/** Items to remove from an array. */
export interface Removal {
  /** The place of the array: members and indices from the root. */
  readonly path: readonly (string | number)[];
  /** Indices of the items, from 0. */
  readonly items: ReadonlySet<number>;
}

/** A part of a text, in UTF-16 code units. */
interface Cut {
  readonly start: number;
  /** One further than its last character. */
  readonly end: number;
}

/**
 * Removes items of arrays from a JSON text and leaves the rest as it is, white space and spelling included. The arrays
 * must not contain one another.
 *
 * @param text valid JSON: it is not checked again
 * @throws TypeError if there is no array at a path
 */
export function removeItems(text: string, removals: readonly Removal[]): string {
  const root = rootPlace(text);
  const cuts = removals.flatMap((removal) => cutsOf(text, root, removal)).sort((one, other) => other.start - one.start);
  // From the end on, so that the places of the others stay right.
  return cuts.reduce((left, { start, end }) => left.slice(0, start) + left.slice(end), text);
}

function cutsOf(text: string, root: Place, { path, items }: Removal): readonly Cut[] {
  const { place, isExact } = placeAt(root, path);
  if (!isExact || text.charAt(place.start) !== "[") throw new TypeError(`There is no array at ${path.join(".")}.`);
  if (items.size === 0) return [];
  const places = [...place.inside.values()];
  const first = places.findIndex((_, index) => !items.has(index));
  if (first === -1) return [{ start: place.start + 1, end: place.end - 1 }];
  return places.flatMap(({ start, end }, index): readonly Cut[] => {
    if (!items.has(index)) return [];
    // What follows the item goes with it, or what precedes it: one comma each.
    return index < first
      ? [{ start, end: places[index + 1]?.start ?? end }]
      : [{ start: places[index - 1]?.end ?? start, end }];
  });
}
