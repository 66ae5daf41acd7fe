import type { PathTree } from "./path-tree.ts";

type Node = PathTree<unknown>;

/**
 * The nodes of one pattern, or of the patterns that begin alike, in each of several trees; `undefined`: it has none.
 */
export type Own = readonly (Node | undefined)[];

/**
 * Returns a function that tells which trees lack some pattern that another tree has, of the patterns that go through a
 * node: one bit for each tree. Recurses once for each segment of a pattern.
 */
export function missingIn(roots: Own): (own: Own) => number {
  const all = 2 ** roots.length - 1;
  const known = new Map<Node, number>();
  const missingBelow = (own: Own): number => {
    const present = bitsOf(own);
    const first = firstOf(own);
    const isOne = (present & (present - 1)) === 0;
    if (first === undefined || isOne) return all & ~present;
    const before = known.get(first);
    if (before !== undefined) return before;
    let missing = 0;
    for (const ending of ENDINGS) {
      const having = bitsOf(own, ending);
      if (having !== 0) missing |= all & ~having;
    }
    eachLiteral(own, (_, next) => {
      missing |= missingBelow(next);
    });
    const parameters = afterParameter(own);
    if (firstOf(parameters)) missing |= missingBelow(parameters);
    known.set(first, missing);
    return missing;
  };
  return missingBelow;
}

/** Visits each literal that leads on from some of the nodes, with the nodes that follow it. */
export function eachLiteral(nodes: Own, visit: (literal: string, next: Own) => void): void {
  for (let at = 0; at < nodes.length; at += 1) {
    const node = nodes[at];
    if (node === undefined || node.literals.size === 0) continue;
    for (const literal of node.literals.keys())
      if (!hasBefore(nodes, at, literal)) visit(literal, after(nodes, literal));
  }
}

/** The nodes that follow a literal. */
export function after(nodes: Own, literal: string): Own {
  return nodes.map((node) => node?.literals.get(literal));
}

/** The nodes that follow a `:name`. */
export function afterParameter(nodes: Own): Own {
  return nodes.map((node) => node?.parameter);
}

function hasBefore(nodes: Own, end: number, literal: string): boolean {
  for (let at = 0; at < end; at += 1) if (nodes[at]?.literals.has(literal)) return true;
  return false;
}

/** The literals that lead on from some of the nodes. */
export function literalsOf(nodes: Own): ReadonlySet<string> {
  const literals = new Set<string>();
  for (const node of nodes) for (const literal of node?.literals.keys() ?? []) literals.add(literal);
  return literals;
}

/** The first node that there is. */
export function firstOf(nodes: Own): Node | undefined {
  return nodes.find((node) => node !== undefined);
}

const ENDINGS = ["leaf", "slash", "wildcard"] as const;

/** The trees that have a node, or one at which a pattern ends: one bit for each. */
function bitsOf(own: Own, ending?: (typeof ENDINGS)[number]): number {
  let bits = 0;
  for (let at = 0; at < own.length; at += 1) {
    const node = own[at];
    if (node !== undefined && (ending === undefined || node[ending] !== undefined)) bits |= 1 << at;
  }
  return bits;
}
