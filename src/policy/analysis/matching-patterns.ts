import type { RouteGroup } from "../policy.ts";
import { comparedSegments } from "./paths/compared-segments.ts";
import type { PathTree } from "./paths/path-tree.ts";

/** A pattern that matches a path. Only the most specific one serves it. */
export interface MatchingPattern {
  readonly leaf: RouteGroup;
  /** The kind of each segment of the pattern, from the left. A wildcard comes last and stands for all that follow. */
  readonly segments: readonly SegmentKind[];
}

export type SegmentKind = "literal" | "parameter" | "wildcard";

/**
 * Finds every pattern that matches a canonical path, the most specific first. The first one is the one that `match`
 * finds; each of the others would serve the path if those before it did not exist. The cost grows with their number.
 */
export function matchingPatterns(tree: PathTree<RouteGroup>, path: string): readonly MatchingPattern[] {
  if (path === "/") return tree.leaf ? [{ leaf: tree.leaf, segments: [] }] : [];
  return collect(tree, comparedSegments(path));
}

/** Says in one sentence why the first pattern is more specific than the second. Both must match the same path. */
export function whyMoreSpecific(winner: MatchingPattern, other: MatchingPattern): string {
  const at = winner.segments.findIndex((kind, index) => kind !== other.segments[index]);
  return `Its segment ${at + 1} is ${nameOf(other.segments[at])}, and ${nameOf(winner.segments[at])} is more specific.`;
}

function nameOf(kind: SegmentKind | undefined): string {
  return kind === "literal" ? "a literal" : kind === "parameter" ? "a `:name`" : "a `*`";
}

/** A node that the first segments of a path lead to, with the kinds of the segments of its pattern so far. */
interface Reached {
  readonly node: PathTree<RouteGroup>;
  readonly above: readonly SegmentKind[];
}

function collect(root: PathTree<RouteGroup>, segments: readonly string[]): readonly MatchingPattern[] {
  const found: MatchingPattern[] = [];
  /** What is still to be looked at, the most specific last. */
  const pending: (Reached | MatchingPattern)[] = [{ node: root, above: [] }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if ("leaf" in next) {
      found.push(next);
      continue;
    }
    const { node, above } = next;
    const segment = segments[above.length];
    if (segment === undefined) {
      if (node.leaf) found.push({ leaf: node.leaf, segments: above });
    } else if (segment === "") {
      // The path has a trailing slash. Only a literal matches it (`routing/pattern-index.ts`, rules 3 to 5).
      if (node.slash) found.push({ leaf: node.slash, segments: [...above, "literal"] });
    } else {
      const literal = node.literals.get(segment);
      if (node.wildcard) pending.push({ leaf: node.wildcard, segments: [...above, "wildcard"] });
      if (node.parameter) pending.push({ node: node.parameter, above: [...above, "parameter"] });
      if (literal) pending.push({ node: literal, above: [...above, "literal"] });
    }
  }
  return found;
}
