import { USUAL_METHODS } from "./methods.ts";
import { PatternIndex } from "./pattern-index.ts";
import type { Route, RouteLeaf } from "./policy.ts";

/**
 * The routes of a policy, found by path. A leaf is put together when it is first asked for, so that a Worker starts in
 * the same time with ten routes and with thousands.
 */
export class RouteTable {
  readonly #patterns = new PatternIndex();
  /** Of each route: the number of its shape, and the next route of the same shape; -1 for none. */
  readonly #shapes: Int32Array;
  readonly #next: Int32Array;
  /** By shape: the first of its routes. */
  readonly #first: number[] = [];
  readonly #leaves: RouteLeaf[] = [];
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
    for (const [index, path] of paths.entries()) this.#shapes[index] = this.#patterns.add(path);
    for (let index = paths.length - 1; index >= 0; index -= 1) {
      const shape = this.#shapes[index] ?? 0;
      this.#next[index] = this.#first[shape] ?? -1;
      this.#first[shape] = index;
    }
  }

  /** The leaf of the most specific pattern that matches a canonical path: see `match`. */
  find(path: string): RouteLeaf | undefined {
    const shape = this.#patterns.find(path);
    return shape === 0 ? undefined : this.#leafOf(shape);
  }

  /** The leaf of a route, by its place in the list. */
  leafAt(index: number): RouteLeaf {
    return this.#leafOf(this.#shapes[index] ?? 0);
  }

  #leafOf(shape: number): RouteLeaf {
    const known = this.#leaves[shape];
    if (known !== undefined) return known;
    const routes: Route[] = [];
    for (let index = this.#first[shape] ?? -1; index >= 0; index = this.#next[index] ?? -1) {
      const route = this.#routeAt(index);
      if (route !== undefined) routes.push(route);
    }
    const leaf = createLeaf(routes);
    this.#leaves[shape] = leaf;
    return leaf;
  }
}

/** @param routes all of one shape, in the order of the file */
function createLeaf(routes: readonly Route[]): RouteLeaf {
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
  const usual = USUAL_METHODS.filter((method) => anyMethod !== undefined || byMethod.has(method));
  const others = [...byMethod.keys()].filter((method) => !USUAL_METHODS.includes(method)).sort();
  const shape = routes[0]?.path.replace(/\/:[^/]+/g, "/:") ?? "";
  return { shape, byMethod, anyMethod, allow: [...usual, ...others].join(", ") };
}
