import { AlikeLeaves } from "./alike-leaves.ts";
import { pathTo, pinsOf, type Trail } from "./path-place.ts";

/** All paths that lead to the same leaf in each of several trees. The trees treat them alike. */
export interface PathClass<Leaves extends readonly unknown[]> {
  /** One of the shortest of these paths, in canonical form. It is never one of the gateway's own paths. */
  readonly path: string;
  /** The leaf in each tree; `undefined`: no pattern of that tree matches. */
  readonly leaves: Leaves;
  /** The segments of its paths, decoded; `undefined` for one that can be any text that no pattern has there. */
  readonly pins: readonly (string | undefined)[];
  /** The classes that this one stands for, if `leastAlike` was given and there are so many. They include this one. */
  readonly alike: AlikeClasses<NonNullable<Leaves[number]>> | undefined;
}

/** Classes that differ in one literal of their paths, and in the leaf of one tree. */
export interface AlikeClasses<Leaf> {
  /** The place of the tree in which the leaves differ. */
  readonly tree: number;
  /**
   * The leaf in that tree, for each class. Where several results of a walk have the same leaves, they are one object.
   */
  readonly of: AlikeLeaves<Leaf>;
  /** One of the shortest paths of the class at an index. */
  readonly pathOf: (index: number) => string;
}

/** Whether a path ends with its last segment, or with a trailing slash. */
export type Ending = "leaf" | "slash";

/** Writes its path only when it is asked for, which is seldom: most classes break no guarantee. */
export class FoundClass implements PathClass<readonly unknown[]> {
  readonly leaves: readonly unknown[];
  readonly alike: AlikeClasses<NonNullable<unknown>> | undefined;
  readonly #trail: Trail;
  readonly #ending: Ending;

  /** @param tree the place of the tree with alike leaves, if one has them */
  constructor(trail: Trail, ending: Ending, leaves: readonly unknown[], tree: number | undefined) {
    const of = tree === undefined ? undefined : leaves[tree];
    this.#trail = trail;
    this.#ending = ending;
    this.leaves = leaves.map((leaf) => (leaf instanceof AlikeLeaves ? leaf.leaves[0] : leaf));
    if (tree !== undefined && of instanceof AlikeLeaves) {
      this.alike = { tree, of, pathOf: (index) => this.#pathOf(index) };
    }
  }

  get path(): string {
    return this.#pathOf(0);
  }

  get pins(): readonly (string | undefined)[] {
    return pinsOf(this.#trail);
  }

  #pathOf(index: number): string {
    const path = pathTo(this.#trail, index);
    return this.#ending === "slash" ? `${path}/` : path || "/";
  }
}
