import { hasPathParameters } from "./canonical-path.ts";
import { isNeverServed } from "./methods.ts";
import type { Route, RouteLeaf, RouteNode } from "./policy.ts";

/**
 * The routes of the most specific pattern that matches a path, compared segment by segment from the left: literal, then
 * `:name`, then `*`. The method plays no part: the path decides first, so a method that the most specific path lacks
 * never falls through to a looser one.
 *
 * `path` must come from `canonicalPath`. Literals are compared decoded, or `/orders/%40me` would slip past the route
 * of `/orders/@me` to that of `/orders/:id`. Path parameters are left out of the comparison; whether they may be there
 * is the caller's to check. The cost depends on the path and on how patterns overlap, not on their number.
 */
export function match(tree: RouteNode, path: string): RouteLeaf | undefined {
  return path === "/" ? tree.leaf : descend(tree, path, 1, hasPathParameters(path));
}

/**
 * The route of a leaf for a method, or `undefined`: a 405. GET covers HEAD, and `"*"` gives way to a listed method.
 * CONNECT and TRACE are never served. Methods are case-sensitive (RFC 9110 9.1); one that is not in upper case is never
 * served either, for an upstream that ignores case would take it for the listed one and its requirement be bypassed.
 */
export function routeFor(leaf: RouteLeaf, method: string): Route | undefined {
  const listed = leaf.byMethod.get(method);
  if (listed || isNeverServed(method) || method !== method.toUpperCase()) return listed;
  return leaf.anyMethod;
}

/** `start` is where the next segment begins; one past the end of the path when there is none. */
function descend(node: RouteNode, path: string, start: number, hasParameters: boolean): RouteLeaf | undefined {
  if (start > path.length) return node.leaf;
  const slash = path.indexOf("/", start);
  const end = slash === -1 ? path.length : slash;
  const segment = path.substring(start, hasParameters ? endWithoutParameters(path, start, end) : end);
  // Only after a trailing slash. It is a segment to a `*` further up, but neither `:name` nor where a `*` begins.
  if (segment === "") return undefined;
  const literal = node.literals.get(segment.includes("%") ? decodeURIComponent(segment) : segment);
  return (
    (literal && descend(literal, path, end + 1, hasParameters)) ??
    (node.parameter && descend(node.parameter, path, end + 1, hasParameters)) ??
    node.wildcard
  );
}

function endWithoutParameters(path: string, start: number, end: number): number {
  const segment = path.substring(start, end);
  const parameters = segment.search(/;|%3B/);
  return parameters === -1 ? end : start + parameters;
}
