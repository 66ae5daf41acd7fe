import { admitsAnyone } from "../authorize.ts";
import type { CallSelection, Claim, Client, Guarantee, PathSelection, Policy, Route, RouteGroup } from "../policy.ts";
import { routeFor } from "../routing/route-table.ts";
import { counterexample, createFormulaOf, expandImplied, FALSE, type Formula } from "./formula.ts";
import { methodClasses } from "./method-classes.ts";
import { type PathClass, pathClasses } from "./path-classes.ts";
import { selectionTree } from "./path-selection.ts";
import { routeTree } from "./route-tree.ts";

/** Whether a guarantee holds for every call there can be. */
export interface Proof {
  readonly guarantee: Guarantee;
  /** One for each route that breaks it; none: it holds. */
  readonly breaches: readonly Counterexample[];
  /** No route serves any of the calls it is about: it holds, but perhaps it means something else than it says. */
  readonly isIdle: boolean;
}

/** A call that is permitted and should not be. */
export interface Counterexample {
  readonly method: string;
  /** In canonical form. */
  readonly path: string;
  readonly caller: Caller;
  /** Full names of the scopes that its token grants, without what they imply. */
  readonly scopes: readonly string[];
  readonly route: Route;
}

/**
 * Who calls. `anonymous`: without a token. `client`: with a token of a registered client. `unregistered`: with a token
 * of any other, and any scopes; there only if some issuer does not insist on registered clients.
 */
export type Caller =
  | { readonly kind: "anonymous" }
  | { readonly kind: "client"; readonly client: Client }
  | { readonly kind: "unregistered" };

/**
 * Proves the policy's guarantees, or gives calls that break them, over all requests: every class of paths, every
 * method, every set of scopes. Exact, with one assumption: the tokens of a registered client grant at most the scopes
 * of its registration. `isEnforced` says whether the gateway sees to that itself.
 *
 * A call counts as permitted when it reaches the upstream. Answers of the gateway itself (its own paths, CORS
 * preflights) do not count, nor does what an upstream makes of a path that is spelled differently.
 *
 * @throws UndecidedError
 */
export function prove(policy: Policy): readonly Proof[] {
  const prover = new Prover(policy);
  return policy.guarantees.map((guarantee) => prover.prove(guarantee));
}

/** Whether no token can grant more than its client's registration: what `prove` otherwise assumes. */
export function isEnforced(policy: Pick<Policy, "issuers">): boolean {
  return [...policy.issuers.values()].every(({ registeredClientsOnly }) => registeredClientsOnly);
}

const EVERYWHERE: PathSelection = { patterns: [], under: ["/"] };
const NOWHERE: PathSelection = { patterns: [], under: [] };

class Prover {
  readonly #policy: Policy;
  readonly #formulaOf: ReturnType<typeof createFormulaOf>;
  readonly #classes = new Map<string, readonly PathClass<readonly unknown[]>[]>();

  constructor(policy: Policy) {
    this.#policy = policy;
    this.#formulaOf = createFormulaOf(policy.scopes);
  }

  prove(guarantee: Guarantee): Proof {
    const { except, claim } = guarantee;
    const callers = this.#callers(guarantee);
    const find = this.#breachFinder(claim);
    const named = [guarantee, ...except].flatMap(({ methods }) => [...(methods ?? [])]);
    const breaches = new Map<Route, Counterexample>();
    let isIdle = true;
    for (const { path, leaves } of this.#pathClasses(guarantee)) {
      const [leaf, , isListed, ...excepted] = leaves as [RouteGroup, true, true | undefined, ...(true | undefined)[]];
      const onPath = except.filter((_, at) => excepted[at]);
      const { listed, other = [] } = methodClasses([leaf], named);
      for (const method of listed.concat(other)) {
        const route = routeFor(leaf, method);
        if (route === undefined || !hasMethod(guarantee, method)) continue;
        const exceptions = onPath.filter((exception) => hasMethod(exception, method));
        if (exceptions.some(({ clients }) => clients === undefined)) continue;
        isIdle = false;
        if (breaches.has(route) || (claim.kind === "publicOnly" && isListed)) continue;
        const able = callers.filter((caller) => !exceptions.some((exception) => isBy(exception, caller)));
        const found = find(route, able);
        if (found) breaches.set(route, { method, path, ...found, route });
      }
    }
    return { guarantee, breaches: [...breaches.values()], isIdle };
  }

  /** The leaves: the routes', whether the guarantee is about the path, `publicOnly` lists it, each exception does. */
  #pathClasses({ paths, except, claim }: Guarantee): readonly PathClass<readonly unknown[]>[] {
    const selections = [
      paths ?? EVERYWHERE,
      claim.kind === "publicOnly" ? claim.paths : NOWHERE,
      ...except.map((exception) => exception.paths ?? EVERYWHERE),
    ];
    const key = JSON.stringify(selections);
    const known = this.#classes.get(key);
    if (known) return known;
    const classes = pathClasses([routeTree(this.#policy), ...selections.map(selectionTree)], { needed: 2 });
    this.#classes.set(key, classes);
    return classes;
  }

  /** One that is not registered can do whatever any other can, and comes first. */
  #callers({ clients }: CallSelection): readonly Caller[] {
    const registered = [...this.#policy.clients.values()]
      .filter(({ id }) => clients === undefined || clients.has(id))
      .map((client): Caller => ({ kind: "client", client }));
    if (clients !== undefined) return registered;
    const unregistered: readonly Caller[] = isEnforced(this.#policy) ? [] : [{ kind: "unregistered" }];
    return [...unregistered, ...registered, { kind: "anonymous" }];
  }

  /** Makes the function that finds out who of several callers could break a claim at a route, and with which scopes. */
  #breachFinder(claim: Claim): (route: Route, callers: readonly Caller[]) => Found | undefined {
    const conclusion = claim.kind === "requires" ? expandImplied(this.#policy.scopes)(claim.expression) : FALSE;
    const known = new Map<Formula, Map<Caller, ReadonlySet<string> | undefined>>();
    const scopesFor = (formula: Formula, caller: Caller): ReadonlySet<string> | undefined => {
      const byCaller = known.get(formula) ?? new Map<Caller, ReadonlySet<string> | undefined>();
      known.set(formula, byCaller);
      if (!byCaller.has(caller)) byCaller.set(caller, counterexample(formula, conclusion, holderOf(caller)));
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
      // A client that is registered says more than one that is not.
      for (const caller of callers) {
        const found = caller.kind === "client" ? foundFor(caller) : undefined;
        if (found) return found;
      }
      return widest;
    };
  }
}

type Found = Pick<Counterexample, "caller" | "scopes">;

function hasMethod({ methods }: CallSelection, method: string): boolean {
  return methods === undefined || methods.has(method);
}

/** The clients of the selection are not left open. */
function isBy({ clients }: CallSelection, caller: Caller): boolean {
  return caller.kind === "client" && clients !== undefined && clients.has(caller.client.id);
}

/** Which scopes a caller's token may grant. */
function holderOf(caller: Caller): (scope: string) => boolean {
  return caller.kind === "client" ? (scope) => caller.client.scopes.has(scope) : () => true;
}
