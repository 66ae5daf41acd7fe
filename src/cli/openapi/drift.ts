import { formatRequirement } from "../../policy/format-requirement.ts";
import { type Comparison, compareFormulas, type Formula, requirementFormulas } from "../../policy/formula.ts";
import { methodClasses, routeAt } from "../../policy/method-classes.ts";
import { isNeverServed } from "../../policy/methods.ts";
import { pathClasses } from "../../policy/path-classes.ts";
import { PatternFault } from "../../policy/path-pattern.ts";
import type { Policy, Requirement, Route, ScopeExpression, UrlUpstream } from "../../policy/policy.ts";
import { buildRouteTree, type PlacedRoute } from "../../policy/route-tree.ts";
import { type Need, needOf } from "./needs.ts";
import { readTemplate } from "./path-template.ts";
import type { ApiDocument, Operation } from "./read-document.ts";

/** How a policy and a document differ. Three empty lists: in nothing that the document says. */
export interface Drift {
  /** Operations that no route serves, at least not for all of their paths. */
  readonly uncovered: readonly UncoveredOperation[];
  /** Routes, with those of their methods, that no operation has. */
  readonly undocumented: readonly UndocumentedRoute[];
  readonly differing: readonly DifferingRequirement[];
  /** Operations that cannot be compared, because no pattern can say their path. */
  readonly unreadable: readonly { readonly method: string; readonly path: string; readonly why: string }[];
}

export interface UncoveredOperation {
  readonly method: string;
  /** As in the document. */
  readonly path: string;
  /** A request that the document has and the policy does not serve. */
  readonly example: string;
}

export interface UndocumentedRoute {
  readonly route: Route;
  readonly methods: readonly string[];
}

export interface DifferingRequirement {
  readonly method: string;
  /** As in the document. */
  readonly path: string;
  readonly route: Route;
  /** In words; what the document requires, what the route does. */
  readonly documented: string;
  readonly required: string;
  /** Of the route, held against the document. */
  readonly relation: "looser" | "tighter" | "incomparable";
  readonly example: string;
}

/** An operation that could be read as a route of its own. */
interface Documented {
  readonly operation: Operation;
  readonly need: Need | undefined;
  readonly route: Route;
}

/**
 * Holds a document against a policy as if it were one: its operations become routes, and every class of requests is
 * looked up on both sides. Where the document does not say who may call an operation, its requirement is not compared.
 * Schemes other than tokens are passed over.
 *
 * @param upstream only routes to this one are expected to have operations; default: all
 */
export function findDrift(
  document: ApiDocument,
  policy: Policy,
  { prefix, upstream }: { readonly prefix: string; readonly upstream: string | undefined },
): Drift {
  const unreadable: { method: string; path: string; why: string }[] = [];
  const documented = new Map<Route, Documented>();
  const taken = new Map<string, string>();
  const placed: PlacedRoute[] = [];
  for (const operation of document.operations) {
    const { method, path } = operation;
    const template = readTemplate(path, prefix);
    if (template instanceof PatternFault)
      unreadable.push({ method, path, why: `${template.message} ${template.hint}` });
    else if (isNeverServed(method)) unreadable.push({ method, path, why: "The method is never served." });
    else {
      const { need } = needOf(operation, document);
      // Names of parameters do not tell paths apart.
      const shape = `${method} ${template.pattern.replace(/\/:[^/]+/g, "/:")}`;
      const twin = taken.get(shape);
      if (twin !== undefined && twin !== JSON.stringify(need)) {
        unreadable.push({ method, path, why: "Another operation has the same path, but for names." });
      }
      if (twin !== undefined) continue;
      taken.set(shape, JSON.stringify(need));
      const requirement = requirementOf(need, policy);
      const route = { path, methods: [method], requirement, upstream: NOWHERE, index: placed.length };
      documented.set(route, { operation, need, route });
      placed.push({ segments: template.segments, route });
    }
  }
  const collector = new Collector(policy);
  for (const { path, leaves } of pathClasses([buildRouteTree(placed), policy.tree])) {
    const { listed, other } = methodClasses(leaves);
    for (const method of listed.concat(other ?? [])) {
      const [operationRoute, route] = [routeAt(leaves[0], method), routeAt(leaves[1], method)];
      collector.note(operationRoute && documented.get(operationRoute), route, method, path);
    }
  }
  return { ...collector.result(upstream), unreadable };
}

const NOWHERE: UrlUpstream = {
  kind: "url",
  name: "",
  origin: "https://document.invalid",
  pathPrefix: "",
  timeoutMs: 0,
  forwardAuthorization: false,
  allowPathParameters: false,
};

class Collector {
  readonly #policy: Policy;
  readonly #formulaOf: (requirement: Requirement) => Formula;
  readonly #uncovered = new Map<Operation, UncoveredOperation>();
  readonly #differing = new Map<string, DifferingRequirement>();
  /** Methods that some operation has. */
  readonly #found = new Map<Route, Set<string>>();

  constructor(policy: Policy) {
    this.#policy = policy;
    this.#formulaOf = requirementFormulas(policy.scopes);
  }

  note(documented: Documented | undefined, route: Route | undefined, method: string, path: string): void {
    if (documented === undefined) return;
    const { operation } = documented;
    const example = `${method} ${path}`;
    if (route === undefined) {
      // A document that has GET says nothing of HEAD.
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

  #compare({ operation, need, route: { requirement: wanted } }: Documented, route: Route, example: string): void {
    const key = `${operation.method} ${operation.path} ${route.index}`;
    if (need === undefined || this.#differing.has(key)) return;
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

/** With the policy's full names. A scope that the policy does not declare keeps its name: nothing equals it. */
function requirementOf(need: Need | undefined, { scopes: table }: Policy): Requirement {
  if (need === undefined) return { kind: "authenticated" };
  if (need.kind !== "scopes") return need;
  const fullName = (name: string): string => {
    if (table.byFullName.has(name)) return name;
    const [only, ...more] = table.byShortName.get(name) ?? [];
    return only && more.length === 0 ? only.fullName : name;
  };
  const names = need.anyOf.map((scopes) => scopes.map(fullName));
  const of = names.map((all): ScopeExpression => ({ kind: "allOf", of: all.map((name) => ({ kind: "scope", name })) }));
  return { kind: "scopes", expression: { kind: "anyOf", of }, mentioned: [...new Set(names.flat())] };
}
