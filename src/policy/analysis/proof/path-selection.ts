import type { PathSelection } from "../../policy.ts";
import { type PathTree, PathTreeBuilder } from "../paths/path-tree.ts";

/**
 * Builds a tree of the paths that a selection selects: those with a leaf. `pathClasses` walks it beside a policy's tree.
 * Unlike with routes, it does not matter which of several patterns is the most specific.
 */
export function selectionTree({ patterns, under }: PathSelection): PathTree<true> {
  const builder = new PathTreeBuilder<true>();
  for (const pattern of patterns) builder.add(pattern, true);
  for (const pattern of under) builder.addUnder(pattern, true);
  return builder.tree;
}
