import { isNeverServed } from "../../http/methods.ts";
import { formatRequirement } from "../../policy/analysis/format-requirement.ts";
import { type Comparison, compareFormulas, createFormulaOf, type Formula } from "../../policy/analysis/formula.ts";
import { methodClasses, routeAt } from "../../policy/analysis/method-classes.ts";
import { pathClasses } from "../../policy/analysis/path-classes.ts";
import type { PathTree } from "../../policy/analysis/path-tree.ts";
import { routeTree } from "../../policy/analysis/route-tree.ts";
import type { Policy, Requirement, Route, RouteGroup, ScopeExpression, UrlUpstream } from "../../policy/policy.ts";
import { RouteTable } from "../../policy/routing/route-table.ts";
import { type Need, needOf } from "./needs.ts";
import { readTemplate } from "./path-template.ts";
import type { ApiDocument, Operation } from "./read-document.ts";
import { declaredScope } from "./scope-namer.ts";

/** How a policy and a document differ. All lists are empty if the policy does what the document says. */
export interface Drift {
  /** Operations that no route serves, or not for all of their paths. */
  readonly uncovered: readonly UncoveredOperation[];
  /** Routes with methods that no operation has. */
  readonly undocumented: readonly UndocumentedRoute[];
  readonly differing: readonly DifferingRequirement[];
  /** Operations that cannot be compared, because no path pattern can express their path. */
  readonly unreadable: readonly { readonly method: string; readonly path: string; readonly why: string }[];
}

/** An operation that no route serves, or not for all of its paths. */
export interface UncoveredOperation {
  readonly method: string;
  /** As in the document. */
  readonly path: string;
  /** A request that the document describes and the policy does not serve. */
  readonly example: string;
}

/** A route with the methods that no operation has. */
export interface UndocumentedRoute {
  readonly route: Route;
  readonly methods: readonly string[];
}

/** An operation and a route that serve the same requests and require different things. */
export interface DifferingRequirement {
  readonly method: string;
  /** As in the document. */
  readonly path: string;
  readonly route: Route;
  /** The two requirements, in words. */
  readonly documented: string;
  readonly required: string;
  /** How the route compares with the document: a `looser` route admits more callers. */
  readonly relation: "looser" | "tighter" | "incomparable";
  readonly example: string;
}

/** An operation whose path a pattern can express. */
interface Documented {
  readonly operation: Operation;
  /** What the document requires; `undefined` if it does not say. */
  readonly wanted: Requirement | undefined;
}

/** How the paths and scopes of the document relate to the policy. */
export interface DriftOptions {
  /** In front of every path of the document; may be empty. */
  readonly prefix: string;
  /** Only routes to this upstream are expected to have operations; default: all routes. */
  readonly upstream: string | undefined;
  /** Identifier of the resource server that the document's scopes belong to; default: told by their names. */
  readonly resourceServer: string | undefined;
}

/**
 * Compares a document with a policy for all requests. The operations become routes, and every class of requests is
 * looked up on both sides. A requirement is not compared if the document does not say who may call the operation.
 * Security schemes other than tokens are ignored. Several operations can have the same pattern; each is compared with
 * its route.
 */
export function findDrift(document: ApiDocument, policy: Policy, options: DriftOptions): Drift {
  const unreadable: { method: string; path: string; why: string }[] = [];
  const byCall = new Map<string, Route>();
  const documented = new Map<Route, Documented[]>();
  for (const operation of document.operations) {
    const { method, path } = operation;
    const template = readTemplate(path, options.prefix);
    if (!template.ok) unreadable.push({ method, path, why: `${template.failure.message} ${template.failure.hint}` });
    else if (isNeverServed(method)) unreadable.push({ method, path, why: "The method is never served." });
    else {
      const { need } = needOf(operation, document);
      const wanted = need && requirementOf(need, policy, options.resourceServer);
      const call = `${method} ${template.value.shape}`;
      const placed = byCall.get(call) ?? placeholder(method, template.value.pattern, byCall.size);
      byCall.set(call, placed);
      documented.set(placed, [...(documented.get(placed) ?? []), { operation, wanted }]);
    }
  }
  const collector = new Collector(policy);
  for (const { path, leaves } of pathClasses([treeOf([...byCall.values()]), routeTree(policy)])) {
    const { listed, other } = methodClasses(leaves);
    for (const method of listed.concat(other ?? [])) {
      const [operationRoute, route] = [routeAt(leaves[0], method), routeAt(leaves[1], method)];
      const operations = (operationRoute && documented.get(operationRoute)) ?? [];
      for (const each of operations) collector.note(each, route, method, path);
    }
  }
  return { ...collector.result(options.upstream), unreadable };
}

function treeOf(routes: readonly Route[]): PathTree<RouteGroup> {
  const table = new RouteTable(
    routes.map(({ path }) => path),
    (index) => routes[index],
  );
  return routeTree({ routes, table });
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
  timeoutMs: 0,
  forwardAuthorization: false,
  allowPathParameters: false,
  allowHeaderNames: new Set(),
  originWide: false,
};

/** Collects the differences, each operation and route once. */
class Collector {
  readonly #policy: Policy;
  readonly #formulaOf: (requirement: Requirement) => Formula;
  readonly #uncovered = new Map<Operation, UncoveredOperation>();
  readonly #differing = new Map<string, DifferingRequirement>();
  /** For each route, the methods that some operation has. */
  readonly #found = new Map<Route, Set<string>>();

  constructor(policy: Policy) {
    this.#policy = policy;
    this.#formulaOf = createFormulaOf(policy.scopes);
  }

  note(documented: Documented, route: Route | undefined, method: string, path: string): void {
    const { operation } = documented;
    const example = `${method} ${path}`;
    if (route === undefined) {
      // A document with GET need not describe HEAD.
      if (method === operation.method && !this.#uncovered.has(operation)) {
        this.#uncovered.set(operation, { method, path: operation.path, example });
      }
      return;
    }
    const found = this.#found.get(route) ?? new Set();
    found.add(method);
    this.#found.set(route, found);
    this.#compare(documented, route, example);
  }

  result(upstream: string | undefined): Omit<Drift, "unreadable"> {
    const undocumented = this.#policy.routes.flatMap((route): UndocumentedRoute[] => {
      if (upstream !== undefined && route.upstream.name !== upstream) return [];
      const found = this.#found.get(route) ?? new Set<string>();
      const methods = route.methods.filter((method) => (method === "*" ? found.size === 0 : !found.has(method)));
      return methods.length > 0 ? [{ route, methods }] : [];
    });
    return { uncovered: [...this.#uncovered.values()], undocumented, differing: [...this.#differing.values()] };
  }

  #compare({ operation, wanted }: Documented, route: Route, example: string): void {
    const key = `${operation.method} ${operation.path} ${route.index}`;
    if (wanted === undefined || this.#differing.has(key)) return;
    const relation = relationOf(wanted, route.requirement, this.#formulaOf);
    if (relation === "equal") return;
    const { method, path } = operation;
    const [said, required] = [wanted, route.requirement].map((it) => formatRequirement(it, this.#policy));
    const words = { documented: said ?? "", required: required ?? "" };
    this.#differing.set(key, { method, path, route, ...words, relation, example });
  }
}

function relationOf(
  wanted: Requirement,
  required: Requirement,
  formulaOf: (requirement: Requirement) => Formula,
): Comparison["relation"] {
  if (wanted.kind === "public" || required.kind === "public") {
    if (wanted.kind === required.kind) return "equal";
    return required.kind === "public" ? "looser" : "tighter";
  }
  return compareFormulas(formulaOf(wanted), formulaOf(required)).relation;
}

/** A requirement with the policy's full scope names. An undeclared scope keeps its name, so that nothing equals it. */
function requirementOf(need: Need, { scopes: table }: Policy, home: string | undefined): Requirement {
  if (need.kind !== "scopes") return need;
  // An undeclared name could otherwise be taken for the short name of another server's scope.
  const undeclared = (name: string): string =>
    home === undefined || name.startsWith(`${home}/`) ? name : `${home}/${name}`;
  const fullName = (name: string): string => declaredScope(name, table, home)?.fullName ?? undeclared(name);
  const names = need.anyOf.map((scopes) => scopes.map(fullName));
  const of = names.map((all): ScopeExpression => ({ kind: "allOf", of: all.map((name) => ({ kind: "scope", name })) }));
  return { kind: "scopes", expression: { kind: "anyOf", of }, mentioned: [...new Set(names.flat())] };
}
