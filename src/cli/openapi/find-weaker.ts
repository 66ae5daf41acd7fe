import { methodClasses, routeAt } from "../../policy/analysis/method-classes.ts";
import { pathClasses } from "../../policy/analysis/paths/path-classes.ts";
import { routeTree } from "../../policy/analysis/route-tree.ts";
import type { Policy, Requirement, Route } from "../../policy/policy.ts";
import type { ApiDocument, Operation } from "./document/api-document.ts";
import { createRelationOf, DocumentedCalls, methodsServed, requirementOf } from "./documented-calls.ts";
import { needOf } from "./needs.ts";
import { readBarePath, readTemplate } from "./path-template.ts";
import type { ImportOptions } from "./plan-import.ts";

/** A route that serves requests of an operation, and does not ask for all that the operation needs. */
export interface WeakerRoute {
  readonly route: Route;
  /** As in the list of the route. */
  readonly method: string;
  readonly operation: Operation;
  /** Whether nobody can tell what the operation needs. */
  readonly isUnknown: boolean;
}

/** What the document says of a request; `undefined`: nobody can tell. */
interface Wanted {
  readonly operation: Operation;
  readonly requirement: Requirement | undefined;
}

/**
 * The rule of every import, in one place: no route of the policy asks for less than the document says. Finds the routes
 * that break it, by comparing both for every class of requests, as scope formulas of the compiled policy.
 *
 * The attack is a caller with few scopes who reaches an operation through the route of another. So it does not matter
 * why a route serves the requests of an operation: because it was made for it, because the operation has no route and a
 * less specific pattern takes its place, or because a pattern is wider than its template. Where nobody can tell what an
 * operation needs, every route that serves its requests breaks the rule.
 *
 * Does not look at operations that answer CORS preflights, because they serve nothing else, nor at MCP routes, which
 * decide each message.
 *
 * @param concerns which routes to judge
 * @throws UndecidedError the patterns or the requirements are too complex to compare
 */
export function findWeaker(
  document: ApiDocument,
  policy: Policy,
  { prefix, resourceServer, unsecured }: Pick<ImportOptions, "prefix" | "resourceServer" | "unsecured">,
  concerns: (route: Route) => boolean,
): readonly WeakerRoute[] {
  const [all, exact] = [new DocumentedCalls<Wanted>(), new DocumentedCalls<Wanted>()];
  const served = document.operations.flatMap((operation) => {
    const read = readTemplate(operation.path, prefix);
    const template = read.ok ? read.value : readBarePath(operation.path, prefix);
    return template === undefined || operation.isPreflight ? [] : [{ operation, template }];
  });
  const byShape = Map.groupBy(served, ({ template }) => template.shape);
  for (const { operation, template } of served) {
    const need = needOf(operation, document);
    const requirement = need.ok
      ? requirementOf(need.value.need ?? { kind: unsecured }, policy, resourceServer)
      : undefined;
    for (const method of methodsServed(operation, byShape.get(template.shape) ?? [])) {
      all.add(method, template, { operation, requirement });
      // Where a template is narrower than its pattern, the next operation says what the rest of the pattern needs.
      if (!template.isLooser) exact.add(method, template, { operation, requirement });
    }
  }
  const relationOf = createRelationOf(policy);
  const found = new Map<string, WeakerRoute>();
  for (const { leaves } of pathClasses([all.tree(), exact.tree(), routeTree(policy)])) {
    const { listed, other } = methodClasses(leaves);
    for (const method of listed.concat(other ?? [])) {
      const route = routeAt(leaves[2], method);
      if (route === undefined || route.mcp !== undefined || !concerns(route)) continue;
      const wanted = [...all.of(routeAt(leaves[0], method)), ...exact.of(routeAt(leaves[1], method))];
      const missed = wanted.find(({ requirement }) => isWeaker(requirement, route.requirement));
      const key = `${route.index} ${listedMethod(route, method)}`;
      if (missed === undefined || found.has(key)) continue;
      const { operation, requirement } = missed;
      found.set(key, {
        route,
        method: listedMethod(route, method),
        operation,
        isUnknown: requirement === undefined,
      });
    }
  }
  return [...found.values()];

  function isWeaker(wanted: Requirement | undefined, required: Requirement): boolean {
    if (wanted === undefined) return true;
    const relation = relationOf(wanted, required);
    return relation === "looser" || relation === "incomparable";
  }
}

/** The item of the route's list that a method is served by. GET covers HEAD. */
function listedMethod({ methods }: Route, method: string): string {
  if (methods.includes(method)) return method;
  return method === "HEAD" && methods.includes("GET") ? "GET" : "*";
}
