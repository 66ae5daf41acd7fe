import { acceptsIssuer, admitsAnyone } from "../../authorize.ts";
import type { Claim, Guarantee, Policy, Route } from "../../policy.ts";
import { remembering } from "../../remembering.ts";
import { isAtom, SENDER_CONSTRAINED } from "../../requirements/conditions.ts";
import { parametersOf } from "../../routing/path-pattern.ts";
import type { ClientAccess } from "../client-access.ts";
import type { Access, AccessOf } from "../formulas/access.ts";
import { counterexample, FALSE, type Formula, mayHaveCounterexample } from "../formulas/formula.ts";
import { isOriginOf, type Origin } from "../formulas/origins.ts";
import { pathOfTenant, type Realizer, type segmentsLookedAt } from "../formulas/realize.ts";
import { leaf, namedParameters, onRoute, type Pins, withGiven, withPins } from "../formulas/with-atoms.ts";
import type { PathClass } from "../paths/path-class.ts";
import { type ClientAtoms, clientAtoms } from "./client-atoms.ts";
import { type Caller, type Counterexample, issuerOfCaller, type UnregisteredCaller } from "./proof.ts";
import type { createSameCalls } from "./same-calls.ts";

/** What all guarantees share. */
export interface World {
  readonly policy: Policy;
  readonly origins: readonly Origin[];
  readonly accessOf: AccessOf;
  readonly realizer: Realizer;
  /** See the function of this name; `undefined`: none. */
  readonly segmentsLookedAt: ReturnType<typeof segmentsLookedAt>;
  /** See the function of this name. */
  readonly comparesClients: boolean;
  /** By the client's name. */
  readonly access: ReadonlyMap<string, ClientAccess>;
  /** One for each origin with an issuer that accepts clients which the file does not register. */
  readonly unregistered: readonly UnregisteredCaller[];
}

/** A class of paths. The path may have path parameters: see `Pins`. */
interface ClassCall extends Pick<PathClass<readonly unknown[]>, "path"> {
  readonly pins: Pins;
  readonly host?: string | undefined;
}

export interface CounterexampleFinder {
  /**
   * Finds a caller who breaks the claim at a route, and the scopes to do so.
   *
   * @param callers unregistered ones first
   */
  readonly find: (route: Route, callers: readonly Caller[], call: ClassCall) => Found | undefined;
  /** Whether a token of the caller's issuer breaks the claim at a route that is not public, with any scopes. */
  readonly isBreakable: (route: Route, caller: Caller, call: ClassCall) => boolean;
}

/**
 * Prepares the search for calls that break a claim. What it finds for a requirement is kept for the next route.
 *
 * @param sameCalls see `createSameCalls`
 */
export function counterexampleFinder(
  world: World,
  { claim, issuers }: Pick<Guarantee, "claim" | "issuers">,
  sameCalls: ReturnType<typeof createSameCalls>,
): CounterexampleFinder {
  const searchesOn = createSearchesOn(world, claim);
  const placesOf = originFinder(world.origins);
  const isKept = ({ upstream }: Route): boolean => claim.kind === "upstream" && upstream.name === claim.upstream.name;
  const isBreakable: CounterexampleFinder["isBreakable"] = (route, caller, { pins }) => {
    if (isKept(route) || claim.kind === "publicOnly") return false;
    const searches = searchesOn(route, pins);
    const access = world.accessOf.byIssuer(route.requirement, pins);
    return placesOf(caller).some((at) => searches[at]?.canBreak(access[at] ?? FALSE));
  };
  const find: CounterexampleFinder["find"] = (route, callers, { path, pins, host }) => {
    if (isKept(route)) return undefined;
    if (admitsAnyone(route.requirement)) return onOpenRoute(world, route, callers, issuers !== undefined);
    if (claim.kind === "publicOnly") return undefined;
    const access = world.accessOf.byIssuer(route.requirement, pins);
    // There may be thousands of clients, and most routes keep the claim for every caller.
    const searches = searchesOn(route, pins);
    const here = world.realizer.pathOf(path, pins, world.segmentsLookedAt?.(route) ?? []);
    const breakable = searches.map(({ canBreak }, at) => canBreak(access[at] ?? FALSE));
    if (!breakable.includes(true)) return undefined;
    const foundAt = (caller: Caller, at: number): Found | undefined => {
      const atoms = world.comparesClients
        ? clientAtoms(world.policy, caller, here, (other) => sameCalls(here, other, host))
        : undefined;
      const search = searches[at];
      const formula = access[at] ?? FALSE;
      const found = atoms ? search?.scopesWith(formula, caller, atoms) : search?.scopesFor(formula, caller);
      if (found === undefined) return undefined;
      const tenant = world.origins[at]?.tenant;
      const own = pathOfTenant(found, atoms?.pathFor(found) ?? here, tenant);
      const token = world.realizer.tokenFor(found, own, tenant, world.origins[at]?.issuers[0]?.[0]);
      return { caller, path: own, ...token, ...(tenant && { tenant: tenant.name }) };
    };
    const foundFor = (caller: Caller): Found | undefined => {
      if (!maySend(world, caller, route)) return undefined;
      for (const at of placesOf(caller)) {
        const found = breakable[at] ? foundAt(caller, at) : undefined;
        if (found) return found;
      }
      return undefined;
    };
    let widest: Found | undefined;
    for (const caller of callers) {
      if (caller.kind === "anonymous") continue;
      // A registered client makes a better example than an unknown one.
      if (caller.kind === "client") {
        const found = foundFor(caller);
        if (found) return found;
        continue;
      }
      const found = foundFor(caller);
      widest ??= found;
      // The clients of its origin can do no more.
      if (found !== undefined || world.comparesClients) continue;
      for (const at of placesOf(caller)) breakable[at] = false;
      if (!breakable.includes(true)) return widest;
    }
    return widest;
  };
  return { find, isBreakable };
}

/**
 * Where anyone may call, the best example has no token. A guarantee about issuers is about callers with one: the
 * example then has a token, unless the route refuses every such token, so that the callers must leave it out.
 */
function onOpenRoute(
  world: World,
  { requirement }: Route,
  callers: readonly Caller[],
  isAboutIssuers: boolean,
): Found | undefined {
  if (callers.length === 0) return undefined;
  const isTaken = (caller: Caller): boolean =>
    requirement.kind === "public" ||
    (isAccepted(world, caller) && acceptsIssuer(requirement, issuerOfCaller(caller) ?? ""));
  const caller = isAboutIssuers ? callers.find(isTaken) : undefined;
  return { caller: caller ?? { kind: "anonymous" }, scopes: [] };
}

/** Gives the search for callers who break a claim on paths of a route, for each origin. */
type SearchesOn = (route: Route, pins: Pins) => readonly OriginSearch[];

function createSearchesOn({ accessOf, origins }: World, claim: Claim): SearchesOn {
  if (claim.kind === "senderConstrained") {
    const searches = origins.map((origin) => originSearch(leaf(SENDER_CONSTRAINED), origin));
    return () => searches;
  }
  if (claim.kind === "authentication") {
    const { authentication } = claim;
    const conclusions = accessOf.fromAnyIssuer({ kind: "authenticated", authentication });
    const searches = conclusions.map((it, at) => originSearch(it, origins[at]));
    return () => searches;
  }
  if (claim.kind !== "requires") {
    const searches = origins.map((origin) => originSearch(FALSE, origin));
    return () => searches;
  }
  const { expression } = claim;
  const names = namedParameters(expression);
  const known = new Map<Access, readonly OriginSearch[]>();
  const searchesFor = (pattern: string, pins: Pins): readonly OriginSearch[] => {
    const here = withPins(onRoute(expression, pattern), pins);
    const conclusions = accessOf.fromAnyIssuer({ kind: "scopes", expression: here, mentioned: [] });
    const searches = known.get(conclusions) ?? conclusions.map((it, at) => originSearch(it, origins[at]));
    known.set(conclusions, searches);
    return searches;
  };
  if (names.length === 0) {
    // Such a claim asks for the same on all routes.
    const searches = searchesFor("/", []);
    return () => searches;
  }
  const byPlaces = new Map<string, readonly OriginSearch[]>();
  return ({ path }, pins) => {
    const parameters = parametersOf(path);
    const places = names.map((name) => parameters.get(name));
    const key = JSON.stringify(places.map((place) => [place, textKey(place === undefined ? undefined : pins[place])]));
    const searches = byPlaces.get(key) ?? searchesFor(path, pins);
    byPlaces.set(key, searches);
    return searches;
  };
}

/** JSON does not tell `undefined` from `null`. */
function textKey(text: Pins[number]): string | readonly string[] {
  return text ?? (text === null ? ["never"] : []);
}

/** The search among the tokens of one origin. */
interface OriginSearch {
  /** Whether some token that satisfies the formula breaks the claim. */
  readonly canBreak: (formula: Formula) => boolean;
  /** The scopes of a token of the caller that does so. */
  readonly scopesFor: (formula: Formula, caller: Caller) => ReadonlySet<string> | undefined;
  /** The same for a class of paths in which conditions compare the client id. */
  readonly scopesWith: (formula: Formula, caller: Caller, atoms: ClientAtoms) => ReadonlySet<string> | undefined;
}

function originSearch(conclusion: Formula, origin: Origin | undefined): OriginSearch {
  const known = new Map<Formula, Map<Caller, ReadonlySet<string> | undefined>>();
  return {
    // If that is too complex to decide for all tokens, it may still be simple for one caller's.
    canBreak: remembering((formula: Formula) => mayHaveCounterexample(formula, conclusion)),
    scopesFor: (formula, caller) => {
      const byCaller = known.get(formula) ?? new Map<Caller, ReadonlySet<string> | undefined>();
      known.set(formula, byCaller);
      if (!byCaller.has(caller)) byCaller.set(caller, counterexample(formula, conclusion, mayHoldOf(caller, origin)));
      return byCaller.get(caller);
    },
    scopesWith: (formula, caller, { mayHold, given }) => {
      const mayGrant = mayHoldOf(caller, origin);
      return counterexample(formula, withGiven(conclusion, given), (name) => mayGrant(name) && mayHold(name));
    },
  };
}

/**
 * Returns a function that gives the places of a caller's origins. Where there is one origin, it is that of every
 * caller.
 */
function originFinder(origins: readonly Origin[]): (caller: Caller) => readonly number[] {
  if (origins.length === 1) return () => [0];
  return remembering((caller: Caller) => [...origins.keys()].filter((at) => isFrom(origins[at], caller)));
}

function isFrom(origin: Origin | undefined, caller: Caller): boolean {
  if (origin === undefined || caller.kind === "anonymous") return false;
  if (caller.kind === "client") return isOriginOf(origin, caller.client);
  return caller.origin === undefined ? origin.issuers[0]?.includes(caller.issuer) === true : caller.origin === origin;
}

/** Whether the caller can send such a call at all: a client whose tokens the gateway refuses needs a public route. */
export function maySend(world: Pick<World, "access">, caller: Caller, route: Route): boolean {
  return admitsAnyone(route.requirement) || isAccepted(world, caller);
}

function isAccepted({ access }: Pick<World, "access">, caller: Caller): boolean {
  return caller.kind !== "client" || access.get(caller.client.name)?.holder !== undefined;
}

type Found = Pick<Counterexample, "caller" | "scopes"> & Partial<Pick<Counterexample, "path" | "claims" | "tenant">>;

/**
 * Returns a function that tells whether a caller's token may grant a scope, or meet a condition. A registered client's
 * token has no value that grants more than the registration.
 */
function mayHoldOf(caller: Caller, origin: Origin | undefined): (name: string) => boolean {
  if (caller.kind !== "client") return () => true;
  const { scopes } = caller.client;
  const brought = origin?.grants?.[0]?.byAtom;
  return (name) => scopes.has(name) || (isAtom(name) && (brought?.get(name)?.every((it) => scopes.has(it)) ?? true));
}
