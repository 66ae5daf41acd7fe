import { acceptsIssuer, meets } from "../../authorize.ts";
import type { Route } from "../../policy.ts";
import type { IssuerScopes } from "./issuer-scopes.ts";
import { type Observation, sumOf, type Tally } from "./observation.ts";

/** A scope, and the refusals that it alone would have prevented. */
export interface PreventingGrant {
  /** Full name. */
  readonly scope: string;
  /** Whether the client is registered for it, so that its tokens only have to ask for it. */
  readonly isRegistered: boolean;
  readonly prevented: Tally;
  readonly routes: readonly Route[];
}

/**
 * Collects calls that were refused because of missing scopes, and finds each scope that alone would have been enough.
 */
export class RefusedCalls {
  readonly #scopes: IssuerScopes;
  readonly #issuer: string;
  readonly #prevented = new Map<string, { readonly tallies: Tally[]; readonly routes: Set<Route> }>();
  readonly #others: Tally[] = [];

  constructor(scopes: IssuerScopes, issuer: string) {
    this.#scopes = scopes;
    this.#issuer = issuer;
  }

  /** The calls that no single scope would have let through, as far as this can be told. */
  get others(): Tally {
    return sumOf(this.#others);
  }

  /**
   * A scope counts if it is enough without any condition. A scope that implies it would be enough, too, and grants
   * more. Where several routes may have refused the calls, nothing is found.
   */
  add({ route, requirements, granted, refused }: Observation): void {
    const [requirement, ...unclear] = requirements;
    const scopes =
      requirement?.kind === "scopes" && unclear.length === 0 && acceptsIssuer(requirement, this.#issuer)
        ? requirement.mentioned.filter(
            (name) =>
              this.#scopes.isGrantable(name) &&
              !this.#scopes.effectiveOf(granted).has(name) &&
              meets(requirement.expression, this.#scopes.effectiveOf([...granted, name])),
          )
        : [];
    if (scopes.length === 0) this.#others.push(refused);
    for (const scope of scopes) {
      const known = this.#prevented.get(scope) ?? { tallies: [], routes: new Set<Route>() };
      this.#prevented.set(scope, known);
      known.tallies.push(refused);
      known.routes.add(route);
    }
  }

  /** @param registered the scopes of the client's registration; `undefined`: it has none */
  preventingGrants(registered: ReadonlySet<string> | undefined): readonly PreventingGrant[] {
    return Array.from(this.#prevented, ([scope, { tallies, routes }]) => ({
      scope,
      isRegistered: registered?.has(scope) === true,
      prevented: sumOf(tallies),
      routes: [...routes],
    })).sort((one, other) => other.prevented.seen - one.prevented.seen);
  }
}
