import type { PathTree } from "./path-tree.ts";

/** The nodes of one pattern, or of the patterns that begin alike, in each of several trees; `undefined`: it has none. */
export type Own = readonly (PathTree<unknown> | undefined)[];

/**
 * Returns a function that tells which trees lack some pattern that another tree has, of the patterns that go through a
 * node: one bit for each tree.
 */
export function missingIn(roots: Own): (own: Own) => number {
  const all = 2 ** roots.length - 1;
  const known = new Map<PathTree<unknown>, number>();
  const found: { readonly own: Own; readonly parent: number; bits: number }[] = [{ own: roots, parent: 0, bits: 0 }];
  for (let at = 0; at < found.length; at++) {
    const { own } = found[at] ?? { own: [] };
    for (const child of childrenOf(own)) {
      if (countOf(child) > 1) found.push({ own: child, parent: at, bits: 0 });
      else addBits(found[at], all & ~presentIn(child));
    }
  }
  // Each node stands after the node that it continues.
  for (const { own, parent, bits } of found.toReversed()) {
    const missing = bits | missingAt(own);
    const first = own.find((node) => node !== undefined);
    if (first) known.set(first, missing);
    addBits(found[parent], missing);
  }
  return (own) => {
    if (countOf(own) < 2) return all & ~presentIn(own);
    const first = own.find((node) => node !== undefined);
    return (first && known.get(first)) ?? all;
  };
}

/** The literals that lead on from some of the nodes. */
export function literalsOf(nodes: Own): ReadonlySet<string> {
  const literals = new Set<string>();
  for (const node of nodes) for (const literal of node?.literals.keys() ?? []) literals.add(literal);
  return literals;
}

function addBits(to: { bits: number } | undefined, bits: number): void {
  if (to) to.bits |= bits;
}

function* childrenOf(own: Own): Generator<Own> {
  for (const [at, node] of own.entries()) {
    for (const literal of node?.literals.keys() ?? []) {
      const isKnown = own.slice(0, at).some((before) => before?.literals.has(literal));
      if (!isKnown) yield own.map((it) => it?.literals.get(literal));
    }
  }
  if (own.some((node) => node?.parameter)) yield own.map((node) => node?.parameter);
}

function missingAt(own: Own): number {
  let bits = 0;
  for (const ending of ["leaf", "slash", "wildcard"] as const) {
    const present = bitsOf(own, (node) => node?.[ending] !== undefined);
    if (present !== 0) bits |= bitsOf(own, () => true) & ~present;
  }
  return bits;
}

function presentIn(own: Own): number {
  return bitsOf(own, (node) => node !== undefined);
}

function countOf(own: Own): number {
  return own.filter((node) => node !== undefined).length;
}

function bitsOf(own: Own, test: (node: Own[number]) => boolean): number {
  return own.reduce((bits, node, at) => (test(node) ? bits | (1 << at) : bits), 0);
}
