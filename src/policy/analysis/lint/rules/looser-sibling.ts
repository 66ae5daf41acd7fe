import { STANDARD_METHODS } from "../../../../http/methods.ts";
import { admitsAnyone } from "../../../authorize.ts";
import type { Policy, Requirement, Route, RouteGroup, Upstream } from "../../../policy.ts";
import { routeFor } from "../../../routing/route-table.ts";
import { counterexample, createFormulaOf, type Formula } from "../../formula.ts";
import { UndecidedError } from "../../undecided-error.ts";
import { findSiblings } from "../siblings/find-siblings.ts";
import type { Rule, RuleFinding } from "./rule.ts";

/**
 * Routes that serve a request which many servers read like a request of a stricter route, to callers whom that route
 * refuses. A caller could get around the stricter route with such a request: `/orders/Export`, `/orders/export.json` or
 * `/orders/export/` in place of `/orders/export`, or HEAD in place of GET. `findSiblings` says which spellings count.
 *
 * Only routes to the same destination count, because another upstream does not serve the same resource. Each looser
 * route is reported once, with one request and the number of stricter routes.
 */
export const looserSibling: Rule = (policy) => {
  const isLooser = createIsLooser(policy);
  const looser = new Map<Route, { readonly example: Example; readonly strict: Set<Route> }>();
  for (const { own, other, path } of findSiblings(policy).siblings) {
    for (const { strict, loose, method } of requestPairs(own, other)) {
      const known = looser.get(loose);
      if (known?.strict.has(strict)) continue;
      if (!isSameDestination(strict.upstream, loose.upstream) || !isLooser(loose.requirement, strict.requirement))
        continue;
      if (known) known.strict.add(strict);
      else looser.set(loose, { example: { request: `${method} ${path}`, strict }, strict: new Set([strict]) });
    }
  }
  return Array.from(looser, ([loose, { example, strict }]) => findingAt(loose, example, strict.size - 1));
};

/** A request that the looser route serves, and the stricter route whose request it can be taken for. */
interface Example {
  readonly request: string;
  readonly strict: Route;
}

function findingAt({ index }: Route, { request, strict }: Example, more: number): RuleFinding {
  const others =
    more === 0 ? "" : ` It is looser than ${more} more ${more === 1 ? "route" : "routes"} in the same way.`;
  return {
    route: index,
    path: ["routes", index, "path"],
    message: `It serves \`${request}\` to callers whom \`${strict.path}\` (routes[${strict.index}]) refuses.${others}`,
    hint: "Many servers take that request for one of the stricter sibling. Require at least as much here, add a stricter route for that path, or give the reason under `lint` why the upstream tells the two apart.",
  };
}

/**
 * Returns a function that says whether one requirement admits a caller whom the other refuses. Two requirements that are
 * too complex to compare count, too.
 */
function createIsLooser({ scopes }: Policy): (one: Requirement, other: Requirement) => boolean {
  const formulaOf = createFormulaOf(scopes);
  const formulas = new Map<Requirement, Formula>();
  const known = new Map<Formula, Map<Formula, boolean>>();
  const remembered = (requirement: Requirement) => {
    const formula = formulas.get(requirement) ?? formulaOf(requirement);
    formulas.set(requirement, formula);
    return formula;
  };
  return (one, other) => {
    if (admitsAnyone(other)) return false;
    if (admitsAnyone(one)) return true;
    const [premise, conclusion] = [remembered(one), remembered(other)];
    const answers = known.get(premise) ?? new Map<Formula, boolean>();
    known.set(premise, answers);
    const answer = answers.get(conclusion) ?? admitsMore(premise, conclusion);
    answers.set(conclusion, answer);
    return answer;
  };
}

function admitsMore(one: Formula, other: Formula): boolean {
  try {
    return counterexample(one, other) !== undefined;
  } catch (error) {
    if (error instanceof UndecidedError) return true;
    throw error;
  }
}

/** Two routes and the method with which the looser one would be called. */
interface RequestPair {
  readonly strict: Route;
  readonly loose: Route;
  readonly method: string;
}

/**
 * The routes of two groups that serve the same method. HEAD and GET count as the same: a server answers HEAD from what it
 * answers to GET, so each of them tells about the other.
 */
function* requestPairs(own: RouteGroup, other: RouteGroup): Generator<RequestPair, void> {
  const listed = own.byMethod.keys();
  const methods = own.anyMethod ? new Set([...STANDARD_METHODS, ...listed, ...other.byMethod.keys()]) : listed;
  for (const meant of methods) {
    for (const method of READ_ALIKE.get(meant) ?? [meant]) {
      const [strict, loose] = [routeFor(own, meant), routeFor(other, method)];
      if (strict && loose && strict !== loose) yield { strict, loose, method };
    }
  }
}

const READ_ALIKE: ReadonlyMap<string, readonly string[]> = new Map([
  ["GET", ["GET", "HEAD"]],
  ["HEAD", ["HEAD", "GET"]],
]);

function isSameDestination(a: Upstream, b: Upstream): boolean {
  if (a.kind === "url" && b.kind === "url") return a.origin === b.origin && a.pathPrefix === b.pathPrefix;
  return a.kind === "service" && b.kind === "service" && a.binding === b.binding;
}
