import type { RouteGroup, RouteNode } from "../policy.ts";
import type { PathSegment } from "../routing/path-pattern.ts";
import type { RouteTable } from "../routing/route-table.ts";

/**
 * The tree of a table's patterns, for whoever has to look at all of them at once.
 *
 * @param patterns segments of each route's pattern, in the order of the table's list
 */
export function buildRouteTree(patterns: readonly (readonly PathSegment[])[], table: RouteTable): RouteNode {
  const root = emptyNode();
  for (const [index, segments] of patterns.entries()) {
    let node = root;
    let end: "leaf" | "wildcard" = "leaf";
    for (const segment of segments) {
      if (segment.kind === "wildcard") end = "wildcard";
      else node = segment.kind === "literal" ? literalChild(node, segment.text) : parameterChild(node);
    }
    node[end] = table.groupAt(index);
  }
  return root;
}

/** A `RouteNode` that may still change. */
interface GrowingNode {
  readonly literals: Map<string, GrowingNode>;
  parameter: GrowingNode | undefined;
  wildcard: RouteGroup | undefined;
  leaf: RouteGroup | undefined;
}

function emptyNode(): GrowingNode {
  return { literals: new Map(), parameter: undefined, wildcard: undefined, leaf: undefined };
}

function literalChild(node: GrowingNode, text: string): GrowingNode {
  const child = node.literals.get(text) ?? emptyNode();
  node.literals.set(text, child);
  return child;
}

function parameterChild(node: GrowingNode): GrowingNode {
  node.parameter ??= emptyNode();
  return node.parameter;
}
