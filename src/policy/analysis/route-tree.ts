import type { Policy, RouteGroup, RouteLookup } from "../policy.ts";
import { type PathTree, PathTreeBuilder } from "./paths/path-tree.ts";

/** By the table, which never changes. */
const trees = new WeakMap<RouteLookup, PathTree<RouteGroup>>();

/** The tree of a policy's patterns, for questions about all of them at once. It is built once for each policy. */
export function routeTree({ routes, table }: Pick<Policy, "routes" | "table">): PathTree<RouteGroup> {
  const known = trees.get(table);
  if (known) return known;
  const builder = new PathTreeBuilder<RouteGroup>();
  for (const [index, { path }] of routes.entries()) builder.add(path, table.groupAt(index));
  trees.set(table, builder.tree);
  return builder.tree;
}
