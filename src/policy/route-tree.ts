import { USUAL_METHODS } from "./methods.ts";
import type { PathSegment } from "./path-pattern.ts";
import type { Route, RouteNode } from "./policy.ts";

/** A route and its pattern, read. */
export interface PlacedRoute {
  readonly route: Route;
  readonly segments: readonly PathSegment[];
}

/** Builds the tree that `match` walks. The routes must not conflict: of two that do, either may be the one kept. */
export function buildRouteTree(routes: readonly PlacedRoute[]): RouteNode {
  const root = emptyNode();
  const leaves = new Set<GrowingLeaf>();
  for (const { route, segments } of routes) {
    let node = root;
    let end: "leaf" | "wildcard" = "leaf";
    for (const segment of segments) {
      if (segment.kind === "wildcard") end = "wildcard";
      else node = segment.kind === "literal" ? literalChild(node, segment.text) : parameterChild(node);
    }
    const leaf = node[end] ?? emptyLeaf(route.path);
    node[end] = leaf;
    leaves.add(leaf);
    addRoute(leaf, route);
  }
  for (const leaf of leaves) finish(leaf);
  return root;
}

/** A `RouteNode` that may still change. */
interface GrowingNode {
  readonly literals: Map<string, GrowingNode>;
  parameter: GrowingNode | undefined;
  wildcard: GrowingLeaf | undefined;
  leaf: GrowingLeaf | undefined;
}

/** A `RouteLeaf` that may still change. */
interface GrowingLeaf {
  readonly shape: string;
  readonly byMethod: Map<string, Route>;
  anyMethod: Route | undefined;
  allow: string;
}

function emptyNode(): GrowingNode {
  return { literals: new Map(), parameter: undefined, wildcard: undefined, leaf: undefined };
}

function emptyLeaf(path: string): GrowingLeaf {
  return { shape: path.replace(/\/:[^/]+/g, "/:"), byMethod: new Map(), anyMethod: undefined, allow: "" };
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

function addRoute(leaf: GrowingLeaf, route: Route): void {
  for (const method of route.methods) {
    if (method === "*") leaf.anyMethod = route;
    else leaf.byMethod.set(method, route);
  }
}

/** Once all routes are there: GET covers HEAD, unless a route lists it. */
function finish(leaf: GrowingLeaf): void {
  const { byMethod, anyMethod } = leaf;
  const get = byMethod.get("GET");
  if (get && !byMethod.has("HEAD")) byMethod.set("HEAD", get);
  const usual = USUAL_METHODS.filter((method) => anyMethod !== undefined || byMethod.has(method));
  const others = [...byMethod.keys()].filter((method) => !USUAL_METHODS.includes(method)).sort();
  leaf.allow = [...usual, ...others].join(", ");
}
