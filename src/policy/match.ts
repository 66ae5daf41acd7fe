import { isNeverServed } from "./methods.ts";
import type { Route, RouteLeaf } from "./policy.ts";
import type { RouteTable } from "./route-table.ts";

/**
 * The routes of the most specific pattern that matches a path, compared segment by segment from the left: literal, then
 * `:name`, then `*`. The method plays no part: the path decides first, so a method that the most specific path lacks
 * never falls through to a looser one.
 *
 * `path` must come from `canonicalPath`. Literals are compared decoded, or `/orders/%40me` would slip past the route
 * of `/orders/@me` to that of `/orders/:id`. Path parameters are left out of the comparison; whether they may be there
 * is the caller's to check. The cost depends on the path and on how patterns overlap, not on their number.
 */
export function match(table: RouteTable, path: string): RouteLeaf | undefined {
  return table.find(path);
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
