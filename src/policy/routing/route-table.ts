import { isNeverServed, STANDARD_METHODS } from "../../http/methods.ts";
import type { Route, RouteGroup, RouteLookup } from "../policy.ts";
import { shapeOf } from "./path-pattern.ts";
import { NONE, PatternIndex } from "./pattern-index.ts";

/**
 * The routes of a policy, found by path. The group of a path shape is put together when it is first asked for, so a
 * Worker with thousands of routes starts sooner, and it may never need most of them.
 */
export class RouteTable implements RouteLookup {
  readonly #paths: readonly string[];
  readonly #patterns: PatternIndex;
  /** For each shape; `undefined` until it is first asked for. */
  readonly #groups: (RouteGroup | undefined)[];
  readonly #routeAt: (index: number) => Route | undefined;

  /**
   * Two routes must not claim one method on one shape (`reportConflicts`): either of them might serve it.
   *
   * @param paths the pattern of each route, accepted by `parsePathPattern`
   * @param routeAt returns the route at a place of that list; `undefined`: the route is damaged
   */
  constructor(paths: readonly string[], routeAt: (index: number) => Route | undefined) {
    this.#paths = paths;
    this.#patterns = new PatternIndex(paths);
    // There is no shape 0.
    this.#groups = new Array(paths.length + 1);
    this.#routeAt = routeAt;
  }

  /**
   * The cost depends on the path and on how patterns overlap, not on their number, except for the first path that takes
   * its way: that one also reads the patterns along it. Throws if a route is damaged.
   */
  match(path: string): RouteGroup | undefined {
    const shape = this.#patterns.find(path);
    return shape === NONE ? undefined : this.#groupOf(shape);
  }

  groupAt(index: number): RouteGroup {
    const path = this.#paths[index];
    return this.#groupOf(path === undefined ? NONE : this.#patterns.shapeOf(path));
  }

  #groupOf(shape: number): RouteGroup {
    const known = this.#groups[shape];
    if (known !== undefined) return known;
    const routes = this.#patterns.patternsOf(shape).map((index) => {
      const route = this.#routeAt(index);
      // If it were skipped, a looser route might serve in its place.
      if (route === undefined) throw new Error(`The compiled policy lacks a part of routes[${index}]. Build it again.`);
      return route;
    });
    const group = createGroup(routes);
    this.#groups[shape] = group;
    return group;
  }
}

/**
 * The route of a group for a method, or `undefined` for a 405. GET covers HEAD, and `"*"` gives way to a listed method.
 *
 * CONNECT and TRACE are never served. Methods are case-sensitive (RFC 9110 9.1). A method that is not in upper case is
 * never served: an upstream that ignores case would take `post` for POST, and `"*"` would bypass the requirement of
 * POST.
 */
export function routeFor(group: RouteGroup, method: string): Route | undefined {
  const listed = group.byMethod.get(method);
  if (listed || isNeverServed(method) || method !== method.toUpperCase()) return listed;
  return group.anyMethod;
}

/** @param routes all of one shape, in the order of the file */
function createGroup(routes: readonly Route[]): RouteGroup {
  const byMethod = new Map<string, Route>();
  let anyMethod: Route | undefined;
  for (const route of routes) {
    for (const method of route.methods) {
      if (method === "*") anyMethod = route;
      else byMethod.set(method, route);
    }
  }
  // GET covers HEAD, unless a route lists HEAD itself.
  const get = byMethod.get("GET");
  if (get && !byMethod.has("HEAD")) byMethod.set("HEAD", get);
  return new MethodGroup(shapeOf(routes[0]?.path ?? ""), byMethod, anyMethod);
}

class MethodGroup implements RouteGroup {
  readonly shape: string;
  readonly byMethod: RouteGroup["byMethod"];
  readonly anyMethod: Route | undefined;
  #allow: string | undefined;

  constructor(shape: string, byMethod: RouteGroup["byMethod"], anyMethod: Route | undefined) {
    this.shape = shape;
    this.byMethod = byMethod;
    this.anyMethod = anyMethod;
  }

  /** Put together when it is first asked for. Most groups are never asked. */
  get allow(): string {
    this.#allow ??= this.#listMethods();
    return this.#allow;
  }

  #listMethods(): string {
    const usual = STANDARD_METHODS.filter((method) => this.anyMethod !== undefined || this.byMethod.has(method));
    const others = [...this.byMethod.keys()].filter((method) => !STANDARD_METHODS.includes(method)).sort();
    return [...usual, ...others].join(", ");
  }
}
