import type { RouteGroup } from "../policy.ts";
import { hasPathParameters } from "../routing/canonical-path.ts";
import type { PathTree } from "./path-tree.ts";

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
  const segments = path.slice(1).split("/");
  const compared = hasPathParameters(path) ? segments.map((it) => it.replace(/(?:;|%3B).*$/, "")) : segments;
  const found: MatchingPattern[] = [];
  collect(tree, compared.map(decodeURIComponent), [], found);
  return found;
}

/** Says in one sentence why the first pattern is more specific than the second. Both must match the same path. */
export function whyMoreSpecific(winner: MatchingPattern, other: MatchingPattern): string {
  const at = winner.segments.findIndex((kind, index) => kind !== other.segments[index]);
  return `Its segment ${at + 1} is ${nameOf(other.segments[at])}, and ${nameOf(winner.segments[at])} is more specific.`;
}

function nameOf(kind: SegmentKind | undefined): string {
  return kind === "literal" ? "a literal" : kind === "parameter" ? "a `:name`" : "a `*`";
}

function collect(
  node: PathTree<RouteGroup>,
  rest: readonly string[],
  above: readonly SegmentKind[],
  found: MatchingPattern[],
) {
  const [segment, ...further] = rest;
  if (segment === undefined) {
    if (node.leaf) found.push({ leaf: node.leaf, segments: above });
    return;
  }
  if (segment === "") {
    // The path has a trailing slash. Only a literal matches it (`routing/pattern-index.ts`, rules 3 to 5).
    if (node.slash) found.push({ leaf: node.slash, segments: [...above, "literal"] });
    return;
  }
  const literal = node.literals.get(segment);
  if (literal) collect(literal, further, [...above, "literal"], found);
  if (node.parameter) collect(node.parameter, further, [...above, "parameter"], found);
  if (node.wildcard) found.push({ leaf: node.wildcard, segments: [...above, "wildcard"] });
}
