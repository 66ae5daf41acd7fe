import { pinsOf, type Trail } from "./path-place.ts";

/** The segments of a leaf's paths whose text matters, from 0. */
export type TellingSegments = (leaf: unknown) => readonly number[];

/** More selections do not fit into one number beside the number of a route. */
const MAX_SELECTION_BITS = 24;
/** No memory holds so many leaves. The numbers of two of them fit into one number. */
const MAX_IDS = 2 ** 26;

/**
 * The classes of paths that were found so far: by their leaves, and by the texts of the segments that matter to these.
 * Leaves differ if they are not the same object.
 */
export class FoundClasses {
  readonly #routes: number;
  readonly #tellingSegments: TellingSegments | undefined;
  readonly #ids = new Map<unknown, number>();
  readonly #keys = new Set<string | number>();

  /** @param routes how many of the leaves of a class are of trees of routes, before those of selections */
  constructor(routes: number, tellingSegments: TellingSegments | undefined) {
    this.#routes = routes;
    this.#tellingSegments = tellingSegments;
  }

  /** Adds a class. Returns whether it is new. */
  add(leaves: readonly unknown[], trail: Trail): boolean {
    const before = this.#keys.size;
    const telling = this.#tellingSegments;
    this.#keys.add(telling ? this.#textKeyOf(leaves, trail, telling) : this.#keyOf(leaves));
    return this.#keys.size > before;
  }

  /** A number where that is enough: there may be a hundred thousand classes. */
  #keyOf(leaves: readonly unknown[]): string | number {
    const [route, ...selected] = leaves;
    if (leaves.length === 2 && this.#routes === 2) return this.#idOf(route) * MAX_IDS + this.#idOf(selected[0]);
    if (this.#routes !== 1 || selected.length > MAX_SELECTION_BITS) return leaves.map((it) => this.#idOf(it)).join();
    return selected.reduce<number>((key, leaf) => key * 2 + (leaf === undefined ? 0 : 1), this.#idOf(route));
  }

  #textKeyOf(leaves: readonly unknown[], trail: Trail, tellingSegments: TellingSegments): string {
    const telling = new Set(leaves.flatMap((leaf) => (leaf === undefined ? [] : tellingSegments(leaf))));
    const pins = telling.size === 0 ? [] : pinsOf(trail);
    return JSON.stringify([this.#keyOf(leaves), Array.from(telling, (segment) => [segment, pins[segment] ?? null])]);
  }

  #idOf(leaf: unknown): number {
    if (leaf === undefined) return 0;
    const known = this.#ids.get(leaf);
    if (known !== undefined) return known;
    this.#ids.set(leaf, this.#ids.size + 1);
    return this.#ids.size;
  }
}
