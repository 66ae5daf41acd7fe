import { isNeverServed } from "../../http/methods.ts";
import { formatRequirement } from "../../policy/analysis/format-requirement.ts";
import { methodClasses, routeAt } from "../../policy/analysis/method-classes.ts";
import { pathClasses } from "../../policy/analysis/paths/path-classes.ts";
import type { PathTree } from "../../policy/analysis/paths/path-tree.ts";
import { ownTree, routeTree } from "../../policy/analysis/route-tree.ts";
import type { Policy, Requirement, Route, RouteGroup } from "../../policy/policy.ts";
import { shapeOf } from "../../policy/routing/path-pattern.ts";
import type { ApiDocument, Operation } from "./document/api-document.ts";
import {
  createRelationOf,
  DocumentedCalls,
  methodsServed,
  type RelationOf,
  requirementOf,
} from "./documented-calls.ts";
import { needOf } from "./needs.ts";
import { type ReadTemplate, readTemplate } from "./path-template.ts";

/** How a policy and a document differ. All lists are empty if the policy does what the document says. */
export interface Drift {
  /** Operations that no route serves, or not for all of their paths. */
  readonly uncovered: readonly UncoveredOperation[];
  /** Routes with methods that no operation has. */
  readonly undocumented: readonly UndocumentedRoute[];
  readonly differing: readonly DifferingRequirement[];
  /** Operations that cannot be compared: no path pattern expresses their path, or nobody can tell whom they admit. */
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
  /** The host of the document's API, as `hostKey` returns it; default: any host that no route names. */
  readonly host?: string | undefined;
}

/**
 * Compares a document with a policy for all requests. The operations become routes, and every class of requests is
 * looked up on both sides. A requirement is not compared if the document does not say who may call the operation.
 * Security schemes other than tokens are ignored. Several operations can have the same pattern; each is compared with
 * its route. Answers to CORS preflights are ignored if the gateway gives them. MCP routes have no operations, and their
 * requirements are not compared: those of messages are finer than any document.
 */
export function findDrift(document: ApiDocument, policy: Policy, options: DriftOptions): Drift {
  const unreadable: { method: string; path: string; why: string }[] = [];
  const served: (Documented & { readonly template: ReadTemplate })[] = [];
  for (const operation of document.operations) {
    const { method, path } = operation;
    if (operation.isPreflight && policy.cors) continue;
    const template = readTemplate(path, options.prefix);
    if (!template.ok) unreadable.push({ method, path, why: `${template.failure.message} ${template.failure.hint}` });
    else if (isNeverServed(method)) unreadable.push({ method, path, why: "The method is never served." });
    else {
      const read = needOf(operation, document);
      // The paths are still compared, but not the requirement.
      if (!read.ok) unreadable.push({ method, path, why: `${read.failure.message} ${read.failure.hint}` });
      const need = read.ok ? read.value.need : undefined;
      const wanted = need && requirementOf(need, policy, options.resourceServer);
      served.push({ operation, wanted, template: template.value });
    }
  }
  const calls = new DocumentedCalls<Documented>();
  const byShape = Map.groupBy(served, ({ template }) => template.shape);
  for (const { operation, wanted, template } of served) {
    for (const method of methodsServed(operation, byShape.get(template.shape) ?? [])) {
      calls.add(method, template, { operation, wanted });
    }
  }
  const collector = new Collector(policy);
  for (const { path, leaves } of classesOf(calls.tree(), policy, options.host)) {
    const { listed, other } = methodClasses(leaves);
    for (const method of listed.concat(other ?? [])) {
      const [operationRoute, route] = [routeAt(leaves[0], method), routeAt(leaves[1], method)];
      for (const each of calls.of(operationRoute)) collector.note(each, route, method, path);
    }
  }
  return { ...collector.result(options), unreadable };
}

type Leaves = readonly [RouteGroup | undefined, RouteGroup | undefined];

/** The classes of paths of the documented calls and of the policy on a host, where the routes that name it go first. */
function* classesOf(
  calls: PathTree<RouteGroup>,
  policy: Policy,
  host: string | undefined,
): Generator<{ readonly path: string; readonly leaves: Leaves }> {
  const own = host === undefined ? undefined : policy.byHost?.get(host);
  const tree = own && ownTree(own);
  if (tree === undefined) {
    yield* pathClasses([calls, routeTree(policy)]);
    return;
  }
  for (const { path, leaves } of pathClasses([calls, tree, routeTree(policy)])) {
    const [documented, here, everywhere] = leaves;
    yield { path, leaves: [documented, here ?? everywhere] };
  }
}

/** Collects the differences, each operation and route once. */
class Collector {
  readonly #policy: Policy;
  readonly #relationOf: RelationOf;
  readonly #uncovered = new Map<Operation, UncoveredOperation>();
  readonly #differing = new Map<string, DifferingRequirement>();
  /** For each route, the methods that some operation has. */
  readonly #found = new Map<Route, Set<string>>();

  constructor(policy: Policy) {
    this.#policy = policy;
    this.#relationOf = createRelationOf(policy);
  }

  note(documented: Documented, route: Route | undefined, method: string, path: string): void {
    const { operation } = documented;
    const example = `${method} ${path}`;
    if (route === undefined) {
      // A document with GET need not describe HEAD.
      const isListed = operation.method === "*" || method === operation.method;
      if (isListed && !this.#uncovered.has(operation)) {
        this.#uncovered.set(operation, { method: operation.method, path: operation.path, example });
      }
      return;
    }
    const found = this.#found.get(route) ?? new Set();
    found.add(method);
    this.#found.set(route, found);
    this.#compare(documented, route, example);
  }

  result({ upstream, host }: DriftOptions): Omit<Drift, "unreadable"> {
    const here = host === undefined ? [] : (this.#policy.byHost?.get(host)?.routes ?? []);
    // On the host, they serve the paths of these shapes.
    const own = new Set(here.map(({ path }) => shapeOf(path)));
    const undocumented = this.#policy.routes.flatMap((route): UndocumentedRoute[] => {
      // An OpenAPI document does not describe messages.
      if (route.mcp !== undefined) return [];
      if (upstream !== undefined && route.upstream.name !== upstream) return [];
      // The document says nothing of what other hosts serve.
      if (route.hosts ? host === undefined || !route.hosts.includes(host) : own.has(shapeOf(route.path))) return [];
      const found = this.#found.get(route) ?? new Set<string>();
      const methods = route.methods.filter((method) => (method === "*" ? found.size === 0 : !found.has(method)));
      return methods.length > 0 ? [{ route, methods }] : [];
    });
    return { uncovered: [...this.#uncovered.values()], undocumented, differing: [...this.#differing.values()] };
  }

  #compare({ operation, wanted }: Documented, route: Route, example: string): void {
    const key = `${operation.method} ${operation.path} ${route.index}`;
    if (wanted === undefined || route.mcp !== undefined || this.#differing.has(key)) return;
    const relation = this.#relationOf(wanted, route.requirement);
    if (relation === "equal") return;
    const { method, path } = operation;
    const [said, required] = [wanted, route.requirement].map((it) => formatRequirement(it, this.#policy));
    const words = { documented: said ?? "", required: required ?? "" };
    this.#differing.set(key, { method, path, route, ...words, relation, example });
  }
}
