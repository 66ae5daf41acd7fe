import type { HostRoutes, Policy, Route, RouteGroup, RouteLookup } from "../policy.ts";
import { routesOfEveryHost } from "../routing/host-routes.ts";
import { type PathTree, PathTreeBuilder } from "./paths/path-tree.ts";

/** By the table, which never changes. */
const trees = new WeakMap<RouteLookup, PathTree<RouteGroup>>();

/**
 * The tree of a policy's patterns, except those of routes that name hosts, for questions about all of them at once. It
 * is built once for each policy.
 */
export function routeTree({ routes, table }: Pick<Policy, "routes" | "table">): PathTree<RouteGroup> {
  return treeOf(table, () => routesOfEveryHost(routes));
}

/** The tree of the patterns that name a host, which decide there before those of `routeTree`. */
export function ownTree({ routes, table }: HostRoutes): PathTree<RouteGroup> | undefined {
  return table && treeOf(table, () => routes);
}

/** @param routesOf the routes of the table, in its order */
function treeOf(table: RouteLookup, routesOf: () => readonly Route[]): PathTree<RouteGroup> {
  const known = trees.get(table);
  if (known) return known;
  const builder = new PathTreeBuilder<RouteGroup>();
  for (const [index, { path }] of routesOf().entries()) builder.add(path, table.groupAt(index));
  trees.set(table, builder.tree);
  return builder.tree;
}
