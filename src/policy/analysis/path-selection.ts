import type { PathSelection } from "../policy.ts";
import { type PathSegment, parsePathPattern } from "../routing/path-pattern.ts";
import type { PathTree } from "./path-classes.ts";

/**
 * The paths of a selection as a tree, to be held against a policy's: where it has a leaf, the path is selected. Unlike
 * among routes no pattern wins over another.
 */
export function selectionTree({ patterns, under }: PathSelection): PathTree<true> {
  const root = emptyNode();
  for (const pattern of patterns) place(root, segmentsOf(pattern));
  for (const pattern of under) nodeAt(root, segmentsOf(pattern)).all = true;
  return root;
}

interface GrowingTree {
  readonly literals: Map<string, GrowingTree>;
  parameter: GrowingTree | undefined;
  wildcard: true | undefined;
  leaf: true | undefined;
  all?: true;
}

function emptyNode(): GrowingTree {
  return { literals: new Map(), parameter: undefined, wildcard: undefined, leaf: undefined };
}

function place(root: GrowingTree, segments: readonly PathSegment[]): void {
  const isOpen = segments.at(-1)?.kind === "wildcard";
  const end = nodeAt(root, isOpen ? segments.slice(0, -1) : segments);
  end[isOpen ? "wildcard" : "leaf"] = true;
}

function nodeAt(root: GrowingTree, segments: readonly PathSegment[]): GrowingTree {
  let node = root;
  for (const segment of segments) {
    if (segment.kind === "literal") {
      const child = node.literals.get(segment.text) ?? emptyNode();
      node.literals.set(segment.text, child);
      node = child;
    } else {
      node.parameter ??= emptyNode();
      node = node.parameter;
    }
  }
  return node;
}

function segmentsOf(pattern: string): readonly PathSegment[] {
  const segments = parsePathPattern(pattern);
  if (!segments.ok) throw new TypeError(`${pattern}: ${segments.failure.message}`);
  return segments.value;
}
