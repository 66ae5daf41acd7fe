import { type Front, hasLiteralsOnly, type Node } from "./path-front.ts";
import type { Place } from "./path-place.ts";
import { literalsOf } from "./pattern-members.ts";

/** Picks after these are followed, too, but without a check whether they still matter. */
const MAX_PICKS = 30;

/** A bit that none of the picks has, or 0 if there are too many. */
export function nextPick(picks: number): number {
  const at = 32 - Math.clz32(picks);
  return at < MAX_PICKS ? 1 << at : 0;
}

/** Which literals the walk of `pathClasses` picks where its pattern has none, and how long each of them matters. */
export class Picks {
  readonly #routes: number;
  readonly #needed: number;

  /** @param routes how many of the trees are trees of routes; they come first. @param needed see `pathClasses` */
  constructor(routes: number, needed: number) {
    this.#routes = routes;
    this.#needed = needed;
  }

  /** Whether all leaves of a tree are the same, so that it does not matter which of its patterns matches. */
  isSelection(at: number): boolean {
    return at >= this.#routes;
  }

  /**
   * The literals that can change a leaf: those that lead on in a selection, or in a tree that lacks the pattern and
   * from a node that is less specific than the pattern. A more specific one would win the path for another pattern.
   */
  choices({ fronts }: Place, missing: number): ReadonlySet<string> {
    const literals = new Set<string>();
    for (const [at, { nodes, behind }] of fronts.entries()) {
      if (!this.#isRest(at, missing)) continue;
      for (let index = behind; index < nodes.length; index++) {
        for (const literal of nodes[index]?.literals.keys() ?? []) literals.add(literal);
      }
    }
    return literals;
  }

  /**
   * Whether some leaf still depends on each of the picks. Without one on which none does, the leaves would be the same.
   */
  areAllNeeded(picks: number, fronts: readonly Front[], missing: number): boolean {
    let needed = 0;
    for (const [at, front] of fronts.entries()) {
      if (!this.#isRest(at, missing)) continue;
      needed |= front.here.picks | front.slash.picks | front.open.picks;
      for (const some of front.picks) needed |= some;
    }
    return (needed & picks) === picks;
  }

  /**
   * The literals with which the path must go on. With any other segment, a needed tree would stop matching, or some
   * pick would not be needed. `undefined`: it may go on with any segment.
   */
  onlyLiterals({ fronts, picks, missing }: Place): ReadonlySet<string> | undefined {
    for (let at = this.#routes; at < this.#needed; at++) {
      const front = fronts[at];
      if (front?.open.leaf === undefined && front?.nodes.every(hasLiteralsOnly)) return literalsOf(front.nodes);
    }
    let fewest: ReadonlySet<string> | undefined;
    for (let left = picks; left !== 0; left &= left - 1) {
      const literals = this.#literalsAfter(left & -left, fronts, missing);
      if (literals && (fewest === undefined || literals.size < fewest.size)) fewest = literals;
    }
    return fewest;
  }

  /** The literals of the nodes that a pick led to. `undefined`: one of them goes on with any segment. */
  #literalsAfter(pick: number, fronts: readonly Front[], missing: number): ReadonlySet<string> | undefined {
    const after: Node[] = [];
    for (const [at, { nodes, picks, open }] of fronts.entries()) {
      if (!this.#isRest(at, missing)) continue;
      if ((open.picks & pick) !== 0) return undefined;
      for (const [index, node] of nodes.entries()) {
        if (((picks[index] ?? 0) & pick) === 0) continue;
        if (!hasLiteralsOnly(node)) return undefined;
        after.push(node);
      }
    }
    return literalsOf(after);
  }

  /** Whether the tree may have another leaf than that of the pattern. */
  #isRest(at: number, missing: number): boolean {
    return this.isSelection(at) || (missing & (1 << at)) !== 0;
  }
}
