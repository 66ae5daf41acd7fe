import type { AlikeLiterals } from "./alike-leaves.ts";
import type { PathTree } from "./path-tree.ts";

export type Node = PathTree<unknown>;

/** What a path has reached in one tree, as seen from the pattern that the walk follows (see `path-classes.ts`). */
export interface Front {
  /**
   * Nodes from which more segments may match, most specific first. Nodes after the first that has a wildcard are never
   * tried.
   */
  readonly nodes: readonly Node[];
  /**
   * For each node: which of the path's picks led to it, one bit each. A pick is a literal where the pattern has none.
   */
  readonly picks: readonly number[];
  /** The nodes from this index on are less specific than the pattern. The node of the pattern itself stands before. */
  readonly behind: number;
  /** What matches the path if it ends here. */
  readonly here: Match;
  /** What matches the path if it ends here with a trailing slash. */
  readonly slash: Match;
  /** The wildcard that the path has entered. It takes every continuation that no node matches. */
  readonly open: Match;
}

/** A leaf, and the picks that led to it. `undefined` as a leaf: nothing matches. */
export interface Match {
  readonly leaf: unknown;
  readonly picks: number;
}

/** One more segment of a path. */
export interface Step {
  /** The part of the pattern that the segment matches. */
  readonly kind: "literal" | "parameter" | "wildcard";
  /** The segment, decoded, if it is a literal; `undefined`: it is not a literal of any node. */
  readonly literal: string | undefined;
  /** If the literal is a pick: its bit. Otherwise 0. */
  readonly pick: number;
  /** The literals that the literal stands for. Default: only itself. */
  readonly alike?: AlikeLiterals;
}

/** Shared by the many fronts from which nothing leads on. */
const NO_NODES: readonly Node[] = [];
const NO_PICKS: readonly number[] = [];
const NOTHING: Match = { leaf: undefined, picks: 0 };
const SPENT: Front = { nodes: NO_NODES, picks: NO_PICKS, behind: 0, here: NOTHING, slash: NOTHING, open: NOTHING };

/** The front of the path without segments. In a selection every node counts as less specific than the pattern. */
export function rootFront(tree: Node, isSelection: boolean): Front {
  const front = new GrowingFront();
  front.add(tree, 0, isSelection);
  return front.finish(NOTHING, isSelection);
}

/**
 * Goes on by one segment. Like `match`, it stops at the first node with a wildcard, which takes all that is left.
 *
 * @param own the node of the pattern in this tree; `undefined`: there is none, or the pattern is in its wildcard
 * @returns `undefined`: a wildcard more specific than the pattern takes the path, so the pattern cannot win it
 */
export function advance(
  { nodes, picks, behind, open }: Front,
  own: Node | undefined,
  step: Step,
  isSelection: boolean,
): Front | undefined {
  const { kind, literal, pick, alike } = step;
  const front = new GrowingFront();
  for (const [at, node] of nodes.entries()) {
    const isBehind = at >= behind;
    const sofar = picks[at] ?? 0;
    const child = literal === undefined ? undefined : (alike?.next.get(node) ?? node.literals.get(literal));
    if (child) front.add(child, isBehind ? sofar | pick : 0, isBehind);
    // Where the pattern has a literal, its own `:name` is less specific.
    if (node.parameter) front.add(node.parameter, sofar, isBehind || (node === own && kind === "literal"));
    if (node.wildcard === undefined) continue;
    if (!isBehind && node !== own) return undefined;
    return front.finish({ leaf: node.wildcard, picks: sofar }, isSelection);
  }
  return front.finish(open, isSelection);
}

/** Whether no path with more segments can match. */
export function isSpent({ nodes, open }: Front): boolean {
  return nodes.length === 0 && open.leaf === undefined;
}

/** Whether all continuations match alike. */
export function isSettled({ nodes, open, here, slash }: Front): boolean {
  return nodes.length === 0 && here.leaf === open.leaf && slash.leaf === open.leaf;
}

export function hasLiteralsOnly(node: Node): boolean {
  return node.parameter === undefined && node.wildcard === undefined;
}

/** Takes all nodes that a path has led to, most specific first. */
class GrowingFront {
  #nodes: Node[] | undefined;
  #picks: number[] | undefined;
  #behind: number | undefined;
  #here = NOTHING;
  #slash = NOTHING;
  #all: Match | undefined;
  #isTaken = false;

  add(node: Node, picks: number, isBehind: boolean): void {
    if (this.#all) return;
    const { all, leaf, slash, literals, parameter, wildcard } = node;
    if (all !== undefined) {
      this.#all = { leaf: all, picks };
      return;
    }
    if (leaf !== undefined && this.#here === NOTHING) this.#here = { leaf, picks };
    // A wildcard does not match an empty segment, so nodes after one count here.
    if (slash !== undefined && this.#slash === NOTHING) this.#slash = { leaf: slash, picks };
    if (!this.#isTaken && (literals.size > 0 || parameter !== undefined || wildcard !== undefined)) {
      if (isBehind) this.#behind ??= this.#nodes?.length ?? 0;
      if (this.#nodes && this.#picks) {
        this.#nodes.push(node);
        this.#picks.push(picks);
      } else {
        // Most fronts have one node. A list that `push` makes has room for many.
        this.#nodes = [node];
        this.#picks = [picks];
      }
    }
    this.#isTaken ||= wildcard !== undefined;
  }

  finish(entered: Match, isSelection: boolean): Front {
    const open = this.#all ?? entered;
    // All leaves of a selection are alike, so once all continuations match, its nodes decide nothing.
    const isDone = isSelection && open.leaf !== undefined;
    const [nodes = NO_NODES, picks = NO_PICKS] = isDone ? [] : [this.#nodes, this.#picks];
    const isNothing = nodes === NO_NODES && open === NOTHING && this.#here === NOTHING && this.#slash === NOTHING;
    if (isNothing) return SPENT;
    return {
      nodes,
      picks,
      behind: isDone ? 0 : (this.#behind ?? nodes.length),
      here: this.#here === NOTHING ? open : this.#here,
      slash: this.#slash === NOTHING ? open : this.#slash,
      open,
    };
  }
}
