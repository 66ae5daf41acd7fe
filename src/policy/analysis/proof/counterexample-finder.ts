import { admitsAnyone } from "../../authorize.ts";
import type { Claim, Policy, Route } from "../../policy.ts";
import type { ClientAccess } from "../client-access.ts";
import { counterexample, type createFormulaOf, expandImplied, FALSE, type Formula } from "../formulas/formula.ts";
import { UndecidedError } from "../undecided-error.ts";
import type { Caller, Counterexample } from "./proof.ts";

/** What all guarantees share. */
export interface World {
  readonly policy: Policy;
  readonly formulaOf: ReturnType<typeof createFormulaOf>;
  /** By the client's name. */
  readonly access: ReadonlyMap<string, ClientAccess>;
  /** Whether some issuer accepts a client that the file does not register. */
  readonly hasUnregistered: boolean;
}

export interface CounterexampleFinder {
  /** Finds a caller who breaks the claim at a route, and the scopes to do so. */
  readonly find: (route: Route, callers: readonly Caller[]) => Found | undefined;
  /** Whether some set of scopes breaks the claim at a route that is not public. */
  readonly isBreakable: (route: Route) => boolean;
}

/** Prepares the search for calls that break a claim. What it finds for a requirement is kept for the next route. */
export function counterexampleFinder(world: World, claim: Claim): CounterexampleFinder {
  const conclusion = claim.kind === "requires" ? expandImplied(world.policy.scopes)(claim.expression) : FALSE;
  const known = new Map<Formula, Map<Caller, ReadonlySet<string> | undefined>>();
  const breakable = new Map<Formula, boolean>();
  const canBreak = (formula: Formula): boolean => {
    const can = breakable.get(formula) ?? mayBreak(formula, conclusion);
    breakable.set(formula, can);
    return can;
  };
  const scopesFor = (formula: Formula, caller: Caller): ReadonlySet<string> | undefined => {
    const byCaller = known.get(formula) ?? new Map<Caller, ReadonlySet<string> | undefined>();
    known.set(formula, byCaller);
    if (!byCaller.has(caller)) byCaller.set(caller, counterexample(formula, conclusion, mayHoldOf(caller)));
    return byCaller.get(caller);
  };
  const isKept = ({ upstream }: Route): boolean => claim.kind === "upstream" && upstream.name === claim.upstream.name;
  const isBreakable = (route: Route): boolean =>
    !isKept(route) && claim.kind !== "publicOnly" && canBreak(world.formulaOf(route.requirement));
  const find: CounterexampleFinder["find"] = (route, callers) => {
    if (isKept(route)) return undefined;
    if (admitsAnyone(route.requirement)) {
      return callers.length > 0 ? { caller: { kind: "anonymous" }, scopes: [] } : undefined;
    }
    if (claim.kind === "publicOnly") return undefined;
    const formula = world.formulaOf(route.requirement);
    // There may be thousands of clients, and most routes keep the claim for every caller.
    if (!canBreak(formula)) return undefined;
    const foundFor = (caller: Caller): Found | undefined => {
      if (!maySend(world, caller, route)) return undefined;
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

/** Whether the caller can send such a call at all: a client whose tokens the gateway refuses needs a public route. */
export function maySend({ access }: Pick<World, "access">, caller: Caller, route: Route): boolean {
  if (caller.kind !== "client" || admitsAnyone(route.requirement)) return true;
  return access.get(caller.client.name)?.holder !== undefined;
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

/** Returns a function that tells whether a caller's token may grant a scope. */
function mayHoldOf(caller: Caller): (scope: string) => boolean {
  return caller.kind === "client" ? (scope) => caller.client.scopes.has(scope) : () => true;
}
