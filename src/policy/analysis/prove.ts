import { admitsAnyone } from "../authorize.ts";
import type { CallSelection, Claim, Client, Guarantee, PathSelection, Policy, Route, RouteGroup } from "../policy.ts";
import { routeFor } from "../routing/route-table.ts";
import { counterexample, createFormulaOf, expandImplied, FALSE, type Formula } from "./formula.ts";
import { methodClasses } from "./method-classes.ts";
import { selectionTree } from "./path-selection.ts";
import { type PathClass, pathClasses } from "./paths/path-classes.ts";
import { routeTree } from "./route-tree.ts";

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
 * @throws UndecidedError
 */
export function prove(policy: Policy): readonly Proof[] {
  const prover = new Prover(policy);
  return policy.guarantees.map((guarantee) => prover.prove(guarantee));
}

/** Whether the gateway refuses every token that grants more than its client's registration. `prove` assumes it does. */
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
    const find = this.#counterexampleFinder(claim);
    const named = [guarantee, ...except].flatMap(({ methods }) => [...(methods ?? [])]);
    const breaches = new Map<Route, Counterexample>();
    let isIdle = true;
    for (const { path, leaves } of this.#pathClasses(guarantee)) {
      const [group, , isListed, ...excepted] = leaves as [RouteGroup, true, true | undefined, ...(true | undefined)[]];
      const onPath = except.filter((_, at) => excepted[at]);
      const { listed, other = [] } = methodClasses([group], named);
      for (const method of listed.concat(other)) {
        const route = routeFor(group, method);
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

  /**
   * The classes of paths that the guarantee selects and some route serves. Their leaves are, in this order: the routes,
   * whether the guarantee selects the path, whether `publicOnly` lists it, and whether each exception selects it.
   */
  #pathClasses({ paths, except, claim }: Guarantee): readonly PathClass<readonly unknown[]>[] {
    const selections = [
      paths ?? EVERYWHERE,
      claim.kind === "publicOnly" ? claim.paths : NOWHERE,
      ...except.map((exception) => exception.paths ?? EVERYWHERE),
    ];
    const key = JSON.stringify(selections);
    const known = this.#classes.get(key);
    if (known) return known;
    const classes = [
      ...pathClasses([routeTree(this.#policy)], { selections: selections.map(selectionTree), needed: 2 }),
    ];
    this.#classes.set(key, classes);
    return classes;
  }

  /** The callers that the selection covers. An unregistered one can do all that the others can, so it comes first. */
  #callers({ clients }: CallSelection): readonly Caller[] {
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
    const scopesFor = (formula: Formula, caller: Caller): ReadonlySet<string> | undefined => {
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
