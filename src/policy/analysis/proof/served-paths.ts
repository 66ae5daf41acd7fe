import type { RouteGroup } from "../../policy.ts";
import { type PathSegment, parsePathPattern } from "../../routing/path-pattern.ts";
import { closest } from "../../suggestion.ts";
import type { PathTree } from "../paths/path-tree.ts";

type Node = PathTree<RouteGroup>;

/** Whether routes serve the paths that a pattern selects and, if not, what its author may have meant. */
export interface ServedPaths {
  /** Whether some route serves a path that the pattern selects. */
  readonly isServed: boolean;
  /** If not: the pattern that its author may have meant, which selects served paths. */
  readonly meant: string | undefined;
  /** If not: the longest part of the pattern that leads to routes; `/` if not even its first segment does. */
  readonly nearest: string | undefined;
}

/**
 * Looks for routes that serve paths which a pattern of a guarantee selects. If there is none, it looks for the pattern
 * that was meant: it replaces each literal that leads to no route by the closest one that does.
 *
 * @param isUnder whether the pattern also selects all paths below it, and its own path with a slash
 */
export function servedPaths(tree: Node, pattern: string, isUnder: boolean): ServedPaths {
  const parsed = parsePathPattern(pattern);
  const segments = parsed.ok ? parsed.value : [];
  const written = pattern === "/" ? [] : pattern.slice(1).split("/");
  if (isServed([tree], segments, isUnder)) return { isServed: true, meant: undefined, nearest: undefined };
  const { corrected, kept } = correct(tree, segments, written);
  const again = corrected === undefined ? undefined : parsePathPattern(corrected);
  const isBetter = again?.ok === true && isServed([tree], again.value, isUnder);
  return {
    isServed: false,
    meant: isBetter ? corrected : otherEnding(tree, segments, pattern),
    nearest: `/${written.slice(0, kept).join("/")}`,
  };
}

/**
 * Whether some path matches both the rest of the pattern and the rest of a route's pattern, from one of the nodes on.
 */
function isServed(from: readonly Node[], segments: readonly PathSegment[], isUnder: boolean): boolean {
  let nodes = from;
  for (const segment of segments) {
    if (segment.kind === "literal" && segment.text === "") return nodes.some(({ slash }) => slash !== undefined);
    // The wildcard of a route takes this segment and all that follow.
    if (nodes.some(({ wildcard }) => wildcard !== undefined)) return true;
    if (segment.kind === "wildcard") return nodes.some(hasChildren);
    nodes = nodes.flatMap((node) => childrenOf(node, segment));
  }
  return nodes.some((node) => node.leaf !== undefined || (isUnder && isAnything(node)));
}

function childrenOf({ literals, parameter }: Node, segment: PathSegment): readonly Node[] {
  const literal = segment.kind === "literal" ? literals.get(segment.text) : undefined;
  const named = segment.kind === "parameter" ? [...literals.values()] : literal ? [literal] : [];
  return parameter ? [...named, parameter] : named;
}

function hasChildren({ literals, parameter }: Node): boolean {
  return literals.size > 0 || parameter !== undefined;
}

function isAnything(node: Node): boolean {
  return hasChildren(node) || [node.leaf, node.slash, node.wildcard].some((leaf) => leaf !== undefined);
}

interface Correction {
  /** The pattern with other literals; `undefined`: some literal is not close to any at its place. */
  readonly corrected: string | undefined;
  /** How many segments at its beginning lead to routes as they are written. */
  readonly kept: number;
}

function correct(tree: Node, segments: readonly PathSegment[], written: readonly string[]): Correction {
  let nodes: readonly Node[] = [tree];
  let kept: number | undefined;
  const parts: string[] = [];
  for (const [at, segment] of segments.entries()) {
    const next = nodes.flatMap((node) => childrenOf(node, segment));
    const part = written[at] ?? "";
    // The wildcard of a route takes this segment and all that follow.
    const isTaken = nodes.some(({ wildcard }) => wildcard !== undefined) && part !== "";
    if (isTaken) {
      parts.push(...written.slice(at));
      break;
    }
    if (next.length > 0 || segment.kind !== "literal" || part === "") {
      parts.push(part);
      nodes = next;
      continue;
    }
    kept ??= at;
    const meant = closest(
      segment.text,
      nodes.flatMap(({ literals }) => [...literals.keys()]),
    );
    if (meant === undefined) return { corrected: undefined, kept };
    parts.push(encodeURI(meant));
    nodes = nodes.flatMap((node) => childrenOf(node, { kind: "literal", text: meant }));
  }
  return { corrected: kept === undefined ? undefined : `/${parts.join("/")}`, kept: kept ?? segments.length };
}

/** The same pattern with a slash at its end, or without, if a route serves that. */
function otherEnding(tree: Node, segments: readonly PathSegment[], pattern: string): string | undefined {
  const isSlash = pattern.endsWith("/");
  const slash: PathSegment = { kind: "literal", text: "" };
  const other = isSlash ? segments.slice(0, -1) : [...segments, slash];
  if (segments.length === 0 || !isServed([tree], other, false)) return undefined;
  return isSlash ? pattern.slice(0, -1) : `${pattern}/`;
}
