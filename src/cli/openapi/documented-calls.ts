import { compareAccess, createAccessOf } from "../../policy/analysis/formulas/access.ts";
import { type Comparison, compareFormulas } from "../../policy/analysis/formulas/formula.ts";
import { originsOf } from "../../policy/analysis/formulas/origins.ts";
import type { PathTree } from "../../policy/analysis/paths/path-tree.ts";
import { routeTree } from "../../policy/analysis/route-tree.ts";
import { admitsAnyone } from "../../policy/authorize.ts";
import type { Policy, Requirement, Route, RouteGroup, ScopeExpression, UrlUpstream } from "../../policy/policy.ts";
import { RouteTable } from "../../policy/routing/route-table.ts";
import type { Operation } from "./document/api-document.ts";
import type { Need } from "./needs.ts";
import type { ReadTemplate } from "./path-template.ts";
import { declaredScope } from "./scope-namer.ts";

/** Things that the operations of a document say of requests, such as what they need, as a tree of path patterns. */
export class DocumentedCalls<Said> {
  readonly #byCall = new Map<string, Route>();
  readonly #said = new Map<Route, Said[]>();

  /** Several operations can have one method and one pattern. */
  add(method: string, { shape, pattern }: Pick<ReadTemplate, "shape" | "pattern">, said: Said): void {
    const call = `${method} ${shape}`;
    const route = this.#byCall.get(call) ?? placeholder(method, pattern, this.#byCall.size);
    this.#byCall.set(call, route);
    this.#said.set(route, [...(this.#said.get(route) ?? []), said]);
  }

  /** The tree of all patterns so far. Its routes stand for operations, and serve nothing. */
  tree(): PathTree<RouteGroup> {
    const routes = [...this.#byCall.values()];
    const table = new RouteTable(
      routes.map(({ path }) => path),
      (index) => routes[index],
    );
    return routeTree({ routes, table });
  }

  /** What the operations say that a route of the tree stands for. */
  of(route: Route | undefined): readonly Said[] {
    return (route && this.#said.get(route)) ?? [];
  }
}

/** A route that stands in the tree for all operations with one method and pattern. Nothing reads its requirement. */
function placeholder(method: string, path: string, index: number): Route {
  return { path, methods: [method], requirement: { kind: "authenticated" }, upstream: NOWHERE, index };
}

const NOWHERE: UrlUpstream = {
  kind: "url",
  name: "",
  origin: "https://document.invalid",
  pathPrefix: "",
  via: undefined,
  timeoutMs: 0,
  idleTimeoutMs: undefined,
  retry: false,
  headers: [],
  forwardAuthorization: false,
  allowPathParameters: false,
  allowEncodedSlash: false,
  stripPrefix: undefined,
  allowHeaderNames: new Set(),
  originWide: false,
};

/**
 * The methods that an operation serves. The operation for any method gives way to those of its own path, but not to
 * those of another path with the same pattern.
 *
 * @param sharing the operations whose paths have the same pattern
 */
export function methodsServed(
  { method, path }: Operation,
  sharing: readonly { readonly operation: Operation }[],
): Iterable<string> {
  if (method !== "*") return [method];
  const own = new Set<string>();
  const others = new Set(["*"]);
  for (const { operation } of sharing) (operation.path === path ? own : others).add(operation.method);
  own.delete("*");
  return others.difference(own);
}

/**
 * What a document requires, with the policy's full scope names. An undeclared scope keeps its name, so that nothing
 * equals it.
 *
 * @param home identifier of the resource server of the document's scopes; default: told by their names
 */
export function requirementOf(need: Need, { scopes: table }: Policy, home: string | undefined): Requirement {
  if (need.kind !== "scopes") return need;
  // An undeclared name could otherwise be taken for the short name of another server's scope.
  const undeclared = (name: string): string =>
    home === undefined || name.startsWith(`${home}/`) ? name : `${home}/${name}`;
  const fullName = (name: string): string => declaredScope(name, table, home)?.fullName ?? undeclared(name);
  const names = need.anyOf.map((scopes) => scopes.map(fullName));
  const of = names.map((all): ScopeExpression => ({ kind: "allOf", of: all.map((name) => ({ kind: "scope", name })) }));
  return { kind: "scopes", expression: { kind: "anyOf", of }, mentioned: [...new Set(names.flat())] };
}

/** How what a route requires compares with what a document requires: a `looser` route admits more callers. */
export type RelationOf = (wanted: Requirement, required: Requirement) => Comparison["relation"];

/**
 * Returns the comparison for the routes of a policy. Public and optional are equal, because every caller can leave the
 * token out. The issuers that a route accepts do not count: a document cannot name them.
 */
export function createRelationOf(policy: Policy): RelationOf {
  const origins = originsOf(policy);
  const accessOf = createAccessOf(policy, origins).fromAnyIssuer;
  return (wanted, required) => {
    const [isWantedOpen, isOpen] = [admitsAnyone(wanted), admitsAnyone(required)];
    if (isWantedOpen || isOpen) return isWantedOpen === isOpen ? "equal" : isOpen ? "looser" : "tighter";
    return compareAccess(accessOf(wanted), accessOf(required), origins, compareFormulas).relation;
  };
}
