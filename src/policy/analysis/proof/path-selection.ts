import type { PathSelection } from "../../policy.ts";
import { comparedSegments } from "../paths/compared-segments.ts";
import { type PathTree, PathTreeBuilder } from "../paths/path-tree.ts";

/**
 * Builds a tree of the paths that a selection selects: those with a leaf. `pathClasses` walks it beside a policy's
 * tree. Unlike with routes, it does not matter which of several patterns is the most specific.
 */
export function selectionTree({ patterns, under }: PathSelection): PathTree<true> {
  const builder = new PathTreeBuilder<true>();
  for (const pattern of patterns) builder.add(pattern, true);
  for (const pattern of under) builder.addUnder(pattern, true);
  return builder.tree;
}

/**
 * Whether a selection selects a canonical path. Like a route, it ignores path parameters. Recurses once for each
 * segment.
 */
export function isSelected(tree: PathTree<true>, path: string): boolean {
  return reaches(tree, comparedSegments(path));
}

function reaches(node: PathTree<true> | undefined, [segment, ...rest]: readonly string[]): boolean {
  if (node === undefined) return false;
  if (node.all) return true;
  if (segment === undefined) return node.leaf === true;
  // The path has a trailing slash. Only a literal matches it.
  if (segment === "") return node.slash === true;
  return node.wildcard === true || reaches(node.literals.get(segment), rest) || reaches(node.parameter, rest);
}
