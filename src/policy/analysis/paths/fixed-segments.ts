import type { Policy, Route } from "../../policy.ts";
import { type PathTree, PathTreeBuilder } from "./path-tree.ts";

/**
 * The paths of routes in which some segment is one of these texts: a selection for `pathClasses`, so that these paths
 * are in classes of their own. `undefined`: there are none.
 *
 * @param texts decoded; those of which it matters whether a segment has them
 * @param segmentsOf the segments of a route's paths that matter, from 0; `undefined`: none
 */
export function fixedSegments(
  policies: readonly Pick<Policy, "routes">[],
  texts: ReadonlySet<string>,
  segmentsOf: ((route: Route) => readonly number[]) | undefined,
): PathTree<true> | undefined {
  if (texts.size === 0 || segmentsOf === undefined) return undefined;
  const builder = new PathTreeBuilder<true>();
  for (const route of policies.flatMap(({ routes }) => routes)) {
    for (const segment of segmentsOf(route)) {
      const parts = route.path.split("/");
      for (const text of texts) builder.add(parts.with(segment + 1, encodeURIComponent(text)).join("/"), true);
    }
  }
  return builder.tree;
}
