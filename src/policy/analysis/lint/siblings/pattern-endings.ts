import type { RouteGroup } from "../../../policy.ts";
import type { PathTree } from "../../paths/path-tree.ts";

/** A segment of a sample path. A `sample` stands for any text. */
export interface Segment {
  readonly kind: "literal" | "sample";
  readonly text: string;
}

/** A pattern, with a path that it wins by the matching rule. */
export interface PatternEnding {
  readonly group: RouteGroup;
  readonly segments: readonly Segment[];
  readonly ending: "leaf" | "slash" | "wildcard";
  /**
   * Index of the first segment at which another pattern goes on with `:name` or `*` in place of this one's segment.
   * `Infinity`: none does.
   */
  readonly firstBranch: number;
}

/** Stands for any segment. No policy has it as a literal, in any spelling. */
export const SAMPLE: Segment = { kind: "sample", text: "~any~" };

/**
 * All patterns of a tree, or of a part of one, with a sample for each `:name` and one for `*`.
 *
 * @param above the segments that lead to the tree
 */
export function* patternEndings(
  tree: PathTree<RouteGroup>,
  above: readonly Segment[] = [],
): Generator<PatternEnding, void> {
  const waiting = [{ node: tree, segments: above, firstBranch: Number.POSITIVE_INFINITY }];
  for (let place = waiting.pop(); place; place = waiting.pop()) {
    const { node, segments, firstBranch } = place;
    if (node.leaf) yield { group: node.leaf, segments, ending: "leaf", firstBranch };
    if (node.slash) yield { group: node.slash, segments, ending: "slash", firstBranch };
    if (node.wildcard) yield { group: node.wildcard, segments: [...segments, SAMPLE], ending: "wildcard", firstBranch };
    const besideParameter = node.wildcard ? Math.min(firstBranch, segments.length) : firstBranch;
    if (node.parameter) {
      waiting.push({ node: node.parameter, segments: [...segments, SAMPLE], firstBranch: besideParameter });
    }
    const besideLiteral = node.parameter ? Math.min(firstBranch, segments.length) : besideParameter;
    for (const [text, child] of node.literals) {
      waiting.push({ node: child, segments: [...segments, { kind: "literal", text }], firstBranch: besideLiteral });
    }
  }
}

/** The canonical path of some segments. */
export function pathOf(segments: readonly Segment[], hasSlash: boolean): string {
  return `/${segments.map(({ text }) => encodedText(text)).join("/")}${hasSlash ? "/" : ""}`;
}

/** The same path with its trailing slash added or removed. The path must not be the root, whose slash is none. */
export function toggleSlash(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
}

const PLAIN = /^[A-Za-z0-9._~-]*$/;

/** The text of a segment as a canonical path has it. */
export function encodedText(text: string): string {
  return PLAIN.test(text) ? text : encodeURIComponent(text);
}
