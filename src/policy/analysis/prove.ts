import { admitsAnyone } from "../authorize.ts";
import type { CallSelection, Claim, Client, Guarantee, PathSelection, Policy, Route, RouteGroup } from "../policy.ts";
import { routeFor } from "../routing/route-table.ts";
import { acceptsUnregistered, type ClientAccess, clientAccess } from "./client-access.ts";
import { counterexample, createFormulaOf, expandImplied, FALSE, type Formula } from "./formula.ts";
import { methodClasses } from "./method-classes.ts";
import type { OnStep } from "./on-step.ts";
import { selectionTree } from "./path-selection.ts";
import type { PathClass } from "./paths/path-class.ts";
import { pathClasses } from "./paths/path-classes.ts";
import { routeTree } from "./route-tree.ts";
import { UndecidedError } from "./undecided-error.ts";

/** Whether a guarantee holds for every call there can be. */
export interface Proof {
  readonly guarantee: Guarantee;
  /** At most one call per route. If there is none, the guarantee holds. */
  readonly breaches: readonly Counterexample[];
  /** No call is left that it could be about. It holds, but perhaps its author made a typing error. */
  readonly isIdle: boolean;
  /** Why it is idle; `undefined` if it is not. */
  readonly idleBecause: IdleCause | undefined;
  /** It holds only because of the assumption about registrations, and the gateway does not enforce these. */
  readonly isAssumed: boolean;
}

/**
 * Why a guarantee is about no call. `paths`: no route serves a path that it selects. `methods`: none serves a method that
 * it selects there. `clients`: the gateway accepts no token of its clients there. `exceptions`: they leave out every call,
 * or `publicOnly` lists every path.
 */
export type IdleCause = "paths" | "methods" | "clients" | "exceptions";

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
 * caller only if some issuer accepts clients that are not registered (`acceptsUnregistered`).
 */
export type Caller =
  | { readonly kind: "anonymous" }
  | { readonly kind: "client"; readonly client: Client }
  | { readonly kind: "unregistered" };

/**
 * Proves each guarantee of a policy, or finds calls that break it. It covers every request: every class of paths, every
 * method, every set of scopes. It is exact under one assumption: the tokens of a registered client grant at most the
 * scopes of its registration. `isEnforced` tells whether the gateway checks that itself. `clientAccess` says which
 * clients' tokens the gateway accepts.
 *
 * A call is permitted if it reaches the upstream. `prove` does not check the gateway's own answers (its own paths, CORS
 * preflights), and it does not know whether an upstream treats two spellings of a path alike.
 *
 * @param onStep is told what is proved next, at every class of paths
 * @throws UndecidedError
 */
export function prove(policy: Policy, onStep: OnStep = () => {}): readonly Proof[] {
  const world: World = {
    policy,
    formulaOf: createFormulaOf(policy.scopes),
    access: new Map(clientAccess(policy).map((access) => [access.client.name, access])),
    hasUnregistered: [...policy.issuers.values()].some((issuer) => acceptsUnregistered(issuer, policy)),
  };
  const examinations = policy.guarantees.map((guarantee) => new Examination(world, guarantee));
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

/** What all guarantees share. */
interface World {
  readonly policy: Policy;
  readonly formulaOf: ReturnType<typeof createFormulaOf>;
  /** By the client's name. */
  readonly access: ReadonlyMap<string, ClientAccess>;
  /** Whether some issuer accepts a client that the file does not register. */
  readonly hasUnregistered: boolean;
}

/** Examines one guarantee, one class of paths after the other. */
class Examination {
  /**
   * The paths that the guarantee selects, those that `publicOnly` lists, and those of each exception. The leaves of a class
   * are those of the routes and of these selections, in this order.
   */
  readonly selections: readonly PathSelection[];
  readonly #world: World;
  readonly #guarantee: Guarantee;
  readonly #callers: readonly Caller[];
  readonly #finder: CounterexampleFinder;
  readonly #named: readonly string[];
  readonly #breaches = new Map<Route, Counterexample>();
  /** The first condition that has left no call over so far; `undefined`: a call is left. */
  #idleBecause: IdleCause | undefined = "paths";
  #isAssumed = false;

  constructor(world: World, guarantee: Guarantee) {
    const { paths, except, claim } = guarantee;
    this.selections = [
      paths ?? EVERYWHERE,
      claim.kind === "publicOnly" ? claim.paths : NOWHERE,
      ...except.map((exception) => exception.paths ?? EVERYWHERE),
    ];
    this.#world = world;
    this.#guarantee = guarantee;
    this.#callers = this.#callersOf(guarantee);
    this.#finder = this.#counterexampleFinder(claim);
    this.#named = [guarantee, ...except].flatMap(({ methods }) => [...(methods ?? [])]);
  }

  proof(): Proof {
    const [breaches, idleBecause] = [[...this.#breaches.values()], this.#idleBecause];
    const isAssumed = breaches.length === 0 && this.#isAssumed;
    return { guarantee: this.#guarantee, breaches, isIdle: idleBecause !== undefined, idleBecause, isAssumed };
  }

  examine(pathClass: PathClass<readonly [RouteGroup | undefined, ...(true | undefined)[]]>): void {
    const { except, claim } = this.#guarantee;
    const [group, , isListed, ...excepted] = pathClass.leaves;
    // The routes are among the trees that each class needs.
    if (group === undefined) return;
    this.#reach("methods");
    const onPath = except.filter((_, at) => excepted[at]);
    const { listed, other = [] } = methodClasses([group], this.#named);
    for (const method of listed.concat(other)) {
      const route = routeFor(group, method);
      if (route === undefined || !hasMethod(this.#guarantee, method)) continue;
      this.#reach("clients");
      if (this.#idleBecause === "clients" && !this.#callers.some((caller) => this.#maySend(caller, route))) continue;
      this.#reach("exceptions");
      const exceptions = onPath.filter((exception) => hasMethod(exception, method));
      if (exceptions.some(({ clients }) => clients === undefined) || (claim.kind === "publicOnly" && isListed))
        continue;
      const able =
        exceptions.length === 0
          ? this.#callers
          : this.#callers.filter((caller) => !exceptions.some((exception) => isBy(exception, caller)));
      if (this.#idleBecause && able.some((caller) => this.#maySend(caller, route))) this.#idleBecause = undefined;
      if (this.#breaches.has(route)) continue;
      const found = this.#finder.find(route, able);
      if (found) this.#breaches.set(route, { method, path: pathClass.path, ...found, route });
      else this.#isAssumed ||= able.some((caller) => this.#isUnenforced(caller)) && this.#finder.isBreakable(route);
    }
  }

  /** Notes that some call meets all conditions before this one. */
  #reach(cause: IdleCause): void {
    if (this.#idleBecause && CAUSES.indexOf(cause) > CAUSES.indexOf(this.#idleBecause)) this.#idleBecause = cause;
  }

  /** Whether the caller can send such a call at all: a client whose tokens the gateway refuses needs a public route. */
  #maySend(caller: Caller, route: Route): boolean {
    if (caller.kind !== "client" || admitsAnyone(route.requirement)) return true;
    return this.#world.access.get(caller.client.name)?.effective !== undefined;
  }

  /** Whether the gateway accepts tokens of the caller that grant more than its registration. */
  #isUnenforced(caller: Caller): boolean {
    return caller.kind === "client" && this.#world.access.get(caller.client.name)?.isEnforced === false;
  }

  /** The callers that the selection covers. An unregistered one can do all that the others can, so it comes first. */
  #callersOf({ clients }: CallSelection): readonly Caller[] {
    const registered = [...this.#world.policy.clients.values()]
      .filter(({ name }) => clients === undefined || clients.has(name))
      .map((client): Caller => ({ kind: "client", client }));
    if (clients !== undefined) return registered;
    const unregistered: readonly Caller[] = this.#world.hasUnregistered ? [{ kind: "unregistered" }] : [];
    return [...unregistered, ...registered, { kind: "anonymous" }];
  }

  #counterexampleFinder(claim: Claim): CounterexampleFinder {
    const conclusion = claim.kind === "requires" ? expandImplied(this.#world.policy.scopes)(claim.expression) : FALSE;
    const known = new Map<Formula, Map<Caller, ReadonlySet<string> | undefined>>();
    const breakable = new Map<Formula, boolean>();
    const canBreak = (formula: Formula): boolean => {
      const can = breakable.get(formula) ?? mayBreak(formula, conclusion);
      breakable.set(formula, can);
      return can;
    };
    const scopesFor = (formula: Formula, caller: Caller): ReadonlySet<string> | undefined => {
      // If no set of scopes breaks the claim, no caller has to be tried.
      if (!canBreak(formula)) return undefined;
      const byCaller = known.get(formula) ?? new Map<Caller, ReadonlySet<string> | undefined>();
      known.set(formula, byCaller);
      if (!byCaller.has(caller)) byCaller.set(caller, counterexample(formula, conclusion, mayHoldOf(caller)));
      return byCaller.get(caller);
    };
    const isKept = ({ upstream }: Route): boolean => claim.kind === "upstream" && upstream.name === claim.upstream.name;
    const isBreakable = (route: Route): boolean =>
      !isKept(route) && claim.kind !== "publicOnly" && canBreak(this.#world.formulaOf(route.requirement));
    const find: CounterexampleFinder["find"] = (route, callers) => {
      if (isKept(route)) return undefined;
      if (admitsAnyone(route.requirement)) {
        return callers.length > 0 ? { caller: { kind: "anonymous" }, scopes: [] } : undefined;
      }
      if (claim.kind === "publicOnly") return undefined;
      const formula = this.#world.formulaOf(route.requirement);
      const foundFor = (caller: Caller): Found | undefined => {
        if (!this.#maySend(caller, route)) return undefined;
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
    return { find, isBreakable };
  }
}

const CAUSES: readonly IdleCause[] = ["paths", "methods", "clients", "exceptions"];

interface CounterexampleFinder {
  /** Finds a caller who breaks the claim at a route, and the scopes to do so. */
  readonly find: (route: Route, callers: readonly Caller[]) => Found | undefined;
  /** Whether some set of scopes breaks the claim at a route that is not public. */
  readonly isBreakable: (route: Route) => boolean;
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
