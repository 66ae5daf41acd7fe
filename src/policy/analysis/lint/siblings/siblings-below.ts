import type { RouteGroup } from "../../../policy.ts";
import type { PathTree } from "../../paths/path-tree.ts";
import { type PatternEnding, pathOf, patternEndings, type Segment } from "./pattern-endings.ts";
import type { SiblingView } from "./sibling-views.ts";

/**
 * Finds paths that the `*` of a pattern serves, and that another pattern serves in another spelling. Yields the other
 * spelling with its routes, or `undefined` for each path that it tried in vain.
 *
 * @param segments those of the pattern, spelled differently
 */
export function* siblingsBelow(
  own: PatternEnding,
  segments: readonly Segment[],
  { trees, match }: SiblingView,
): Generator<{ readonly group: RouteGroup; readonly path: string } | undefined, void> {
  const prefix = segments.slice(0, -1);
  for (const node of trees.flatMap((tree) => nodesAt(tree, prefix))) {
    for (const other of patternEndings(node, prefix)) {
      const hasSlash = other.ending === "slash";
      const path = pathOf(other.segments, hasSlash);
      const meant = pathOf(own.segments.slice(0, -1).concat(other.segments.slice(prefix.length)), hasSlash);
      // The `*` needs a segment.
      const isBelow = other.segments.length > prefix.length;
      const isServedByBoth = isBelow && match(meant) === own.group && match(path) === other.group;
      yield isServedByBoth ? { group: other.group, path } : undefined;
    }
  }
}

/** All nodes of a tree that a path leads to, whether or not they serve it. */
function nodesAt(tree: PathTree<RouteGroup>, path: readonly Segment[]): readonly PathTree<RouteGroup>[] {
  return path.reduce<readonly PathTree<RouteGroup>[]>(
    (nodes, { text }) => nodes.flatMap(({ literals, parameter }) => [literals.get(text), parameter].filter(isPresent)),
    [tree],
  );
}

function isPresent<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}
