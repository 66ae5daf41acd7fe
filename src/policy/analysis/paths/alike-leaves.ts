import type { PathTree } from "./path-tree.ts";

type Node = PathTree<unknown>;

/**
 * Leaves of patterns that differ in one literal only, such as `/:tenant/orders/:id` and `/:tenant/invoices/:id`. There
 * is one leaf for each literal, in the same order. A walk that finds them twice returns the same object.
 */
export class AlikeLeaves<Leaf> {
  readonly leaves: readonly Leaf[];

  constructor(leaves: readonly Leaf[]) {
    this.leaves = leaves;
  }
}

/** Literals after which the patterns of a tree go on alike, so that one step of a walk stands for all of them. */
export interface AlikeLiterals {
  readonly literals: readonly string[];
  /** For each node that leads on by these literals: what follows. Its leaves are `AlikeLeaves`. */
  readonly next: ReadonlyMap<Node, Node>;
}
