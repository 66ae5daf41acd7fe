import { isNeverServed, STANDARD_METHODS } from "../../http/methods.ts";
import type { Route, RouteGroup } from "../policy.ts";
import { NONE, PatternIndex } from "./pattern-index.ts";

const LAST = -1;

/**
 * The routes of a policy, found by path. Their leaves are put together when they are first asked for: a Worker with
 * thousands of routes starts sooner, and may never need most of them.
 */
export class RouteTable {
  readonly #patterns = new PatternIndex();
  /** Of each route: the number of its shape, and the index of the next route of the same shape, or `LAST`. */
  readonly #shapes: Int32Array;
  readonly #next: Int32Array;
  /** By shape: the first of its routes. */
  readonly #first: Int32Array;
  /** By shape; `undefined` until it is asked for. */
  readonly #leaves: (RouteGroup | undefined)[];
  readonly #routeAt: (index: number) => Route | undefined;

  /**
   * The routes must not conflict: of two that do, either may be the one that counts.
   *
   * @param paths the pattern of each route
   * @param routeAt gives the route at a place of that list
   */
  constructor(paths: readonly string[], routeAt: (index: number) => Route | undefined) {
    this.#routeAt = routeAt;
    this.#shapes = new Int32Array(paths.length);
    this.#next = new Int32Array(paths.length);
    // There is no shape 0.
    this.#first = new Int32Array(paths.length + 1).fill(LAST);
    this.#leaves = new Array(paths.length + 1);
    for (const [index, path] of paths.entries()) this.#shapes[index] = this.#patterns.add(path);
    for (let index = paths.length - 1; index >= 0; index -= 1) {
      const shape = this.#shapes[index] ?? NONE;
      this.#next[index] = this.#first[shape] ?? LAST;
      this.#first[shape] = index;
    }
  }

  /**
   * The routes of the most specific pattern that matches a path, compared segment by segment from the left: literal,
   * then `:name`, then `*`. The method plays no part: the path decides first, so a method that the most specific path
   * lacks never falls through to a looser one.
   *
   * `path` must come from `canonicalPath`. Literals are compared decoded, or `/orders/%40me` would slip past the route of
   * `/orders/@me` to that of `/orders/:id`. Path parameters are left out of the comparison; whether they may be there is
   * the caller's to check. The cost depends on the path and on how patterns overlap, not on their number.
   */
  match(path: string): RouteGroup | undefined {
    const shape = this.#patterns.find(path);
    return shape === NONE ? undefined : this.#leafOf(shape);
  }

  /** The leaf of a route, by its place in the list. */
  groupAt(index: number): RouteGroup {
    return this.#leafOf(this.#shapes[index] ?? NONE);
  }

  #leafOf(shape: number): RouteGroup {
    const known = this.#leaves[shape];
    if (known !== undefined) return known;
    const routes: Route[] = [];
    for (let index = this.#first[shape] ?? LAST; index !== LAST; index = this.#next[index] ?? LAST) {
      const route = this.#routeAt(index);
      // Passed over, a looser route might serve in its place.
      if (route === undefined) throw new Error(`The compiled policy lacks a part of routes[${index}]: build it again.`);
      routes.push(route);
    }
    const leaf = createLeaf(routes);
    this.#leaves[shape] = leaf;
    return leaf;
  }
}

/**
 * The route of a leaf for a method, or `undefined`: a 405. GET covers HEAD, and `"*"` gives way to a listed method.
 * CONNECT and TRACE are never served. Methods are case-sensitive (RFC 9110 9.1); one that is not in upper case is never
 * served either, for an upstream that ignores case would take it for the listed one and its requirement be bypassed.
 */
export function routeFor(leaf: RouteGroup, method: string): Route | undefined {
  const listed = leaf.byMethod.get(method);
  if (listed || isNeverServed(method) || method !== method.toUpperCase()) return listed;
  return leaf.anyMethod;
}

/** @param routes all of one shape, in the order of the file */
function createLeaf(routes: readonly Route[]): RouteGroup {
  const byMethod = new Map<string, Route>();
  let anyMethod: Route | undefined;
  for (const route of routes) {
    for (const method of route.methods) {
      if (method === "*") anyMethod = route;
      else byMethod.set(method, route);
    }
  }
  // GET covers HEAD, unless a route lists it.
  const get = byMethod.get("GET");
  if (get && !byMethod.has("HEAD")) byMethod.set("HEAD", get);
  const usual = STANDARD_METHODS.filter((method) => anyMethod !== undefined || byMethod.has(method));
  const others = [...byMethod.keys()].filter((method) => !STANDARD_METHODS.includes(method)).sort();
  const shape = routes[0]?.path.replace(/\/:[^/]+/g, "/:") ?? "";
  return { shape, byMethod, anyMethod, allow: [...usual, ...others].join(", ") };
}
