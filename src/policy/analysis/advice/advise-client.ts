import { acceptsIssuer } from "../../authorize.ts";
import type { Client, Issuer, Policy, Requirement } from "../../policy.ts";
import { type FewestScopes, fewestScopes, type Ways } from "./fewest-scopes.ts";
import { IssuerScopes } from "./issuer-scopes.ts";
import { type Needs, neededScopes, type ScopesFor } from "./needed-scopes.ts";
import { type Observation, type ObservedClient, sumOf, type Tally } from "./observation.ts";
import { type PreventingGrant, RefusedCalls } from "./refused-calls.ts";

/** What the calls of one client say of the scopes that it needs. Scopes by full name, in the order of the file. */
export interface ClientAdvice {
  /** Its registration; `undefined`: it has none. */
  readonly client: Client | undefined;
  readonly permitted: Tally;
  /**
   * The smallest sets of scopes with which the gateway would still have let the client's tokens through. A token has
   * only those scopes of the set that it really had. Keep the first set: it names the fewest scopes, and of several
   * such sets it has those that the file declares first.
   */
  readonly kept: FewestScopes;
  /** The smallest sets for the same calls, if its tokens could have any scopes that its issuer may grant. */
  readonly smallest: FewestScopes;
  /**
   * The scopes that it is registered for, and that no set of `kept` has. Without a registration: those of its tokens.
   * If not all sets are listed, only the scopes that help to meet no requirement.
   */
  readonly unneeded: readonly string[];
  /** The scopes of the set to keep that it is not registered for. */
  readonly unregistered: readonly string[];
  /** The scope that would have prevented most refusals comes first. */
  readonly preventing: readonly PreventingGrant[];
  /** Calls that were refused for want of scopes, and that no single scope would have let through. */
  readonly otherRefusals: Tally;
  /** Calls that were let through, and that this policy would refuse. The sets do not count them. */
  readonly outdated: Tally;
  /** Calls whose needs nobody knows. The sets have all scopes of their tokens. */
  readonly untold: Tally;
}

/**
 * Says what one client needs, as far as its calls show. Where its registration was enough for a call, the call counts
 * as one that needs no other scopes: the advice does not lean on scopes that nobody registered.
 *
 * It never throws: `isExact` and `isComplete` say where the search gave up.
 */
export function adviseClient(policy: Policy, issuer: Issuer, { id, observations }: ObservedClient): ClientAdvice {
  const client = id === undefined ? undefined : policy.registrations.get(issuer.name)?.get(id);
  const scopes = new IssuerScopes(policy, issuer.name);
  const needs = new PermittedCalls(scopes, issuer, client);
  const refusals = new RefusedCalls(scopes, issuer.name);
  for (const observation of observations) {
    if (observation.permitted.seen > 0) needs.add(observation);
    if (observation.refused.seen > 0) refusals.add(observation);
  }
  const kept = needs.kept();
  const [chosen = []] = kept.sets;
  const needed = kept.isComplete ? new Set(kept.sets.flat()) : needs.mentioned;
  const own =
    client?.scopes ?? observations.flatMap(({ granted }) => granted.filter((name) => scopes.isGrantable(name)));
  return {
    client,
    permitted: sumOf(observations.map(({ permitted }) => permitted)),
    kept,
    smallest: needs.smallest(),
    unneeded: scopes.inOrder(own).filter((name) => !needed.has(name)),
    unregistered: client === undefined ? [] : chosen.filter((name) => !client.scopes.has(name)),
    preventing: refusals.preventingGrants(client?.scopes),
    otherRefusals: refusals.others,
    outdated: sumOf(needs.outdated),
    untold: sumOf(needs.untold),
  };
}

/** Collects calls that were let through, and what they needed. */
class PermittedCalls {
  readonly outdated: Tally[] = [];
  readonly untold: Tally[] = [];
  readonly #scopes: IssuerScopes;
  readonly #issuer: Issuer;
  readonly #registered: ReadonlySet<string> | undefined;
  /** Whether this policy refuses all tokens of the client. */
  readonly #isRefused: boolean;
  readonly #ofTokens = new NeedList();
  readonly #ofAny = new NeedList();

  constructor(scopes: IssuerScopes, issuer: Issuer, client: Client | undefined) {
    this.#scopes = scopes;
    this.#issuer = issuer;
    this.#registered = client?.scopes;
    this.#isRefused = issuer.registeredClientsOnly && client === undefined;
  }

  /** The smallest sets for the tokens as they were. A scope that a token did not have counts for none of its calls. */
  kept(): FewestScopes {
    return this.#fewest(this.#ofTokens, false);
  }

  /** All scopes of tokens that were one way to meet something. */
  get mentioned(): ReadonlySet<string> {
    return new Set(this.#ofTokens.needs.flat(2));
  }

  /** The smallest sets for the same calls with any tokens of the issuer. */
  smallest(): FewestScopes {
    return this.#fewest(this.#ofAny, true);
  }

  add({ requirements, granted, permitted }: Observation): void {
    if (this.#isRefused) {
      this.outdated.push(permitted);
      return;
    }
    if (requirements.length === 0) {
      this.untold.push(permitted);
      const needs = { all: this.#counting(granted).map((name) => [[name]]), isExact: true };
      this.#ofTokens.add(needs);
      this.#ofAny.add(needs);
      return;
    }
    // Which of several routes let the calls through is not known, so they may have needed what each of them asks for.
    const found = requirements.flatMap((requirement) => {
      if (!acceptsIssuer(requirement, this.#issuer.name)) return [];
      const usable = this.#usable(granted, requirement);
      const effective = this.#scopes.effectiveOf(usable);
      const ofToken: ScopesFor = (name) => usable.filter((scope) => this.#scopes.effectiveOf([scope]).has(name));
      const ofTokens = neededScopes(requirement, effective, ofToken);
      const ofAny = neededScopes(requirement, effective, this.#ofAnyToken);
      return ofTokens && ofAny ? [{ ofTokens, ofAny }] : [];
    });
    if (found.length === 0) this.outdated.push(permitted);
    for (const { ofTokens, ofAny } of found) {
      this.#ofTokens.add(ofTokens);
      this.#ofAny.add(ofAny);
    }
  }

  /** The scopes of a token that count for a requirement: those of the registration, where they are enough. */
  #usable(granted: readonly string[], requirement: Requirement): readonly string[] {
    const counting = this.#counting(granted);
    const registered = this.#registered;
    if (registered === undefined || this.#issuer.registeredClientsOnly) return counting;
    const within = counting.filter((name) => registered.has(name));
    const needs = neededScopes(requirement, this.#scopes.effectiveOf(within), this.#ofAnyToken);
    return needs === undefined ? counting : within;
  }

  /** The scopes of a token that count under this policy. It may be another one than that of the log. */
  #counting(granted: readonly string[]): readonly string[] {
    const grantable = granted.filter((name) => this.#scopes.isGrantable(name));
    const registered = this.#issuer.registeredClientsOnly ? this.#registered : undefined;
    return registered ? grantable.filter((name) => registered.has(name)) : grantable;
  }

  /** A scope that implies the required one grants more, so no smallest set needs it in its place. */
  readonly #ofAnyToken: ScopesFor = (name) => (this.#scopes.isGrantable(name) ? [name] : []);

  #fewest({ needs, isExact }: NeedList, countsImplied: boolean): FewestScopes {
    const effectiveOf = (scope: string): ReadonlySet<string> => this.#scopes.effectiveOf([scope]);
    const found = fewestScopes(needs, { effectiveOf, countsImplied });
    return {
      sets: this.#scopes.setsInOrder(found.sets),
      isExact: found.isExact && isExact,
      isComplete: found.isComplete && isExact,
    };
  }
}

/** The needs of many calls, each once. */
class NeedList {
  isExact = true;
  readonly #byText = new Map<string, Ways>();

  get needs(): readonly Ways[] {
    return [...this.#byText.values()];
  }

  add({ all, isExact }: Needs): void {
    for (const ways of all) this.#byText.set(ways.map((way) => way.join(" ")).join("\n"), ways);
    this.isExact &&= isExact;
  }
}
