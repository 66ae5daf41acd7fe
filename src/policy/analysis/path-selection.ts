import type { PathSelection } from "../policy.ts";
import { type PathTree, PathTreeBuilder } from "./path-tree.ts";

/**
 * The paths of a selection as a tree, to be walked beside a policy's: a path with a leaf is selected. Unlike among
 * routes, no pattern wins over another.
 */
export function selectionTree({ patterns, under }: PathSelection): PathTree<true> {
  const builder = new PathTreeBuilder<true>();
  for (const pattern of patterns) builder.add(pattern, true);
  for (const pattern of under) builder.addUnder(pattern, true);
  return builder.tree;
}
