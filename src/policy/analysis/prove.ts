import { admitsAnyone } from "../authorize.ts";
import type { CallSelection, Claim, Client, Guarantee, PathSelection, Policy, Route, RouteGroup } from "../policy.ts";
import { routeFor } from "../routing/route-table.ts";
import { counterexample, createFormulaOf, expandImplied, FALSE, type Formula } from "./formula.ts";
import { methodClasses } from "./method-classes.ts";
import type { OnStep } from "./on-step.ts";
import { selectionTree } from "./path-selection.ts";
import { type PathClass, pathClasses } from "./paths/path-classes.ts";
import { routeTree } from "./route-tree.ts";
import { UndecidedError } from "./undecided-error.ts";

/** Whether a guarantee holds for every call there can be. */
export interface Proof {
  readonly guarantee: Guarantee;
  /** At most one call per route. If there is none, the guarantee holds. */
  readonly breaches: readonly Counterexample[];
  /** No route serves any of the calls that it selects. It holds, but perhaps its author made a typing error. */
  readonly isIdle: boolean;
}

/** A call that is permitted although the guarantee says otherwise. */
export interface Counterexample {
  readonly method: string;
  /** In canonical form. */
  readonly path: string;
  readonly caller: Caller;
  /** Full names of the scopes that the caller's token itself grants, without implied ones. */
  readonly scopes: readonly string[];
  readonly route: Route;
}

/**
 * Who calls. `anonymous` has no token. `client` has a token that its own issuer gave a registered client. `unregistered`
 * has a token of another client, with any scopes, also one of another issuer with the same client id; there is such a
 * caller only if some issuer accepts clients that are not registered.
 */
export type Caller =
  | { readonly kind: "anonymous" }
  | { readonly kind: "client"; readonly client: Client }
  | { readonly kind: "unregistered" };

/**
 * Proves each guarantee of a policy, or finds calls that break it. It covers every request: every class of paths, every
 * method, every set of scopes. It is exact under one assumption: the tokens of a registered client grant at most the
 * scopes of its registration. `isEnforced` tells whether the gateway checks that itself.
 *
 * A call is permitted if it reaches the upstream. `prove` does not check the gateway's own answers (its own paths, CORS
 * preflights), and it does not know whether an upstream treats two spellings of a path alike.
 *
 * @param onStep is told what is proved next, at every class of paths
 * @throws UndecidedError
 */
export function prove(policy: Policy, onStep: OnStep = () => {}): readonly Proof[] {
  const formulaOf = createFormulaOf(policy.scopes);
  const examinations = policy.guarantees.map((guarantee) => new Examination(policy, guarantee, formulaOf));
  let done = 0;
  // Guarantees that select the same paths share the walk. No class is kept: there may be a hundred thousand.
  for (const alike of Map.groupBy(examinations, ({ selections }) => JSON.stringify(selections)).values()) {
    const step = `proving guarantee ${done + 1} of ${examinations.length}`;
    const selections = (alike[0]?.selections ?? []).map(selectionTree);
    for (const pathClass of pathClasses([routeTree(policy)], { selections, needed: 2 })) {
      onStep(step);
      for (const examination of alike) examination.examine(pathClass);
    }
    done += alike.length;
  }
  return examinations.map((examination) => examination.proof());
}

/** Whether the gateway refuses every token that grants more than its client's registration. `prove` assumes it does. */
export function isEnforced(policy: Pick<Policy, "issuers">): boolean {
  return [...policy.issuers.values()].every(({ registeredClientsOnly }) => registeredClientsOnly);
}

const EVERYWHERE: PathSelection = { patterns: [], under: ["/"] };
const NOWHERE: PathSelection = { patterns: [], under: [] };

/** Examines one guarantee, one class of paths after the other. */
class Examination {
  /**
   * The paths that the guarantee selects, those that `publicOnly` lists, and those of each exception. The leaves of a class
   * are those of the routes and of these selections, in this order.
   */
  readonly selections: readonly PathSelection[];
  readonly #policy: Policy;
  readonly #guarantee: Guarantee;
  readonly #formulaOf: ReturnType<typeof createFormulaOf>;
  readonly #callers: readonly Caller[];
  readonly #find: (route: Route, callers: readonly Caller[]) => Found | undefined;
  readonly #named: readonly string[];
  readonly #breaches = new Map<Route, Counterexample>();
  #isIdle = true;

  constructor(policy: Policy, guarantee: Guarantee, formulaOf: ReturnType<typeof createFormulaOf>) {
    const { paths, except, claim } = guarantee;
    this.selections = [
      paths ?? EVERYWHERE,
      claim.kind === "publicOnly" ? claim.paths : NOWHERE,
      ...except.map((exception) => exception.paths ?? EVERYWHERE),
    ];
    this.#policy = policy;
    this.#guarantee = guarantee;
    this.#formulaOf = formulaOf;
    this.#callers = this.#callersOf(guarantee);
    this.#find = this.#counterexampleFinder(claim);
    this.#named = [guarantee, ...except].flatMap(({ methods }) => [...(methods ?? [])]);
  }

  proof(): Proof {
    return { guarantee: this.#guarantee, breaches: [...this.#breaches.values()], isIdle: this.#isIdle };
  }

  examine(pathClass: PathClass<readonly [RouteGroup | undefined, ...(true | undefined)[]]>): void {
    const { except, claim } = this.#guarantee;
    const [group, , isListed, ...excepted] = pathClass.leaves;
    // The routes are among the trees that each class needs.
    if (group === undefined) return;
    const onPath = except.filter((_, at) => excepted[at]);
    const { listed, other = [] } = methodClasses([group], this.#named);
    for (const method of listed.concat(other)) {
      const route = routeFor(group, method);
      if (route === undefined || !hasMethod(this.#guarantee, method)) continue;
      const exceptions = onPath.filter((exception) => hasMethod(exception, method));
      if (exceptions.some(({ clients }) => clients === undefined)) continue;
      this.#isIdle = false;
      if (this.#breaches.has(route) || (claim.kind === "publicOnly" && isListed)) continue;
      const able = this.#callers.filter((caller) => !exceptions.some((exception) => isBy(exception, caller)));
      const found = this.#find(route, able);
      if (found) this.#breaches.set(route, { method, path: pathClass.path, ...found, route });
    }
  }

  /** The callers that the selection covers. An unregistered one can do all that the others can, so it comes first. */
  #callersOf({ clients }: CallSelection): readonly Caller[] {
    const registered = [...this.#policy.clients.values()]
      .filter(({ name }) => clients === undefined || clients.has(name))
      .map((client): Caller => ({ kind: "client", client }));
    if (clients !== undefined) return registered;
    const unregistered: readonly Caller[] = isEnforced(this.#policy) ? [] : [{ kind: "unregistered" }];
    return [...unregistered, ...registered, { kind: "anonymous" }];
  }

  /** Returns a function that finds a caller who breaks the claim at a route, and the scopes to do so. */
  #counterexampleFinder(claim: Claim): (route: Route, callers: readonly Caller[]) => Found | undefined {
    const conclusion = claim.kind === "requires" ? expandImplied(this.#policy.scopes)(claim.expression) : FALSE;
    const known = new Map<Formula, Map<Caller, ReadonlySet<string> | undefined>>();
    /** Whether any set of scopes breaks the claim. If none does, no caller has to be tried. */
    const isBreakable = new Map<Formula, boolean>();
    const scopesFor = (formula: Formula, caller: Caller): ReadonlySet<string> | undefined => {
      const canBreak = isBreakable.get(formula) ?? mayBreak(formula, conclusion);
      isBreakable.set(formula, canBreak);
      if (!canBreak) return undefined;
      const byCaller = known.get(formula) ?? new Map<Caller, ReadonlySet<string> | undefined>();
      known.set(formula, byCaller);
      if (!byCaller.has(caller)) byCaller.set(caller, counterexample(formula, conclusion, mayHoldOf(caller)));
      return byCaller.get(caller);
    };
    return (route, callers) => {
      if (claim.kind === "upstream" && route.upstream.name === claim.upstream.name) return undefined;
      if (admitsAnyone(route.requirement)) {
        return callers.length > 0 ? { caller: { kind: "anonymous" }, scopes: [] } : undefined;
      }
      if (claim.kind === "publicOnly") return undefined;
      const formula = this.#formulaOf(route.requirement);
      const foundFor = (caller: Caller): Found | undefined => {
        const scopes = scopesFor(formula, caller);
        return scopes && { caller, scopes: [...scopes] };
      };
      const [first] = callers;
      const widest = first?.kind === "unregistered" ? foundFor(first) : undefined;
      if (first?.kind === "unregistered" && widest === undefined) return undefined;
      // A registered client makes a better example than an unknown one.
      for (const caller of callers) {
        const found = caller.kind === "client" ? foundFor(caller) : undefined;
        if (found) return found;
      }
      return widest;
    };
  }
}

/** Whether some set of scopes breaks a claim. If that is too complex to decide, one caller may still be simple. */
function mayBreak(formula: Formula, conclusion: Formula): boolean {
  try {
    return counterexample(formula, conclusion) !== undefined;
  } catch (error) {
    if (error instanceof UndecidedError) return true;
    throw error;
  }
}

type Found = Pick<Counterexample, "caller" | "scopes">;

function hasMethod({ methods }: CallSelection, method: string): boolean {
  return methods === undefined || methods.has(method);
}

/** Whether the selection names the caller. One that names no clients must be handled before. */
function isBy({ clients }: CallSelection, caller: Caller): boolean {
  return caller.kind === "client" && clients !== undefined && clients.has(caller.client.name);
}

/** Returns a function that tells whether a caller's token may grant a scope. */
function mayHoldOf(caller: Caller): (scope: string) => boolean {
  return caller.kind === "client" ? (scope) => caller.client.scopes.has(scope) : () => true;
}
