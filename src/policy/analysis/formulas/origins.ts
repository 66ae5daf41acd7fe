import type { Issuer, Policy } from "../../policy.ts";
import { type ConditionClaims, conditionClaims, type GrantAtoms, grantAtoms } from "./grant-atoms.ts";

/**
 * Where tokens come from: issuers whose tokens the compared policies treat alike. A policy that never names an issuer in a
 * route, a resource server or a guarantee treats all of them alike, and has one origin.
 */
export interface Origin {
  /** For each policy, its issuers of this origin: all policies that have issuers here know them by the same `iss`. */
  readonly issuers: readonly (readonly Issuer[])[];
  /**
   * For each policy: the conditions that bring scopes along. Left out: none does. An issuer that accepts registered clients
   * only brings none along for all of its tokens, because a registration can withhold them.
   */
  readonly grantAtoms?: readonly GrantAtoms[];
}

type Telling = Pick<Policy, "issuers" | "routes" | "resourceServers" | "guarantees" | "scopes">;

/**
 * The origins of one policy, or of several that are compared, at least one. Issuers correspond by the value of `iss`.
 * Where some list tells issuers apart, an issuer that only one of the policies has is in another origin than those that
 * all have.
 */
export function originsOf(...policies: readonly Telling[]): readonly Origin[] {
  const lists = policies.map(listsOf);
  const all = new Set(policies.flatMap(({ issuers }) => [...issuers.keys()]));
  const claims = conditionClaims(policies);
  const brought = policies.map((policy) => broughtByIssuer(policy, claims));
  const isNoneBrought = brought.every(({ size }) => size === 0);
  if (all.size < 2 || (lists.every(({ length }) => length === 0) && isNoneBrought)) {
    return [originFrom([...all], policies, brought)];
  }
  const byTreatment = Map.groupBy(all, (iss) =>
    JSON.stringify(
      policies.map(({ issuers }, at) => {
        const issuer = issuers.get(iss);
        return issuer && [lists[at]?.map((names) => names.has(issuer.name)), [...(brought[at]?.get(iss) ?? [])]];
      }),
    ),
  );
  return Array.from(byTreatment.values(), (values) => originFrom(values, policies, brought));
}

type BroughtByIssuer = ReadonlyMap<string, GrantAtoms>;

function originFrom(
  values: readonly string[],
  policies: readonly Telling[],
  brought: readonly BroughtByIssuer[],
): Origin {
  const issuers = policies.map((policy) => values.flatMap((iss) => policy.issuers.get(iss) ?? []));
  const atoms = brought.map((byIssuer) => byIssuer.get(values[0] ?? "") ?? new Map<string, readonly string[]>());
  return atoms.every(({ size }) => size === 0) ? { issuers } : { issuers, grantAtoms: atoms };
}

/** By `iss`. Issuers that bring none along are left out. */
function broughtByIssuer(policy: Telling, claims: ConditionClaims): BroughtByIssuer {
  const found = new Map<string, GrantAtoms>();
  if (claims.size === 0) return found;
  for (const [iss, issuer] of policy.issuers) {
    const atoms = issuer.registeredClientsOnly ? undefined : grantAtoms(policy, issuer, claims);
    if (atoms && atoms.size > 0) found.set(iss, atoms);
  }
  return found;
}

/** The lists that name issuers, each once. */
function listsOf({ routes, resourceServers, guarantees }: Telling): readonly ReadonlySet<string>[] {
  const requirements = new Set(routes.map(({ requirement }) => requirement));
  const lists = [
    ...Array.from(requirements, (requirement) => (requirement.kind === "public" ? undefined : requirement.issuers)),
    ...Array.from(resourceServers.values(), ({ issuers }) => issuers),
    ...guarantees.flatMap((guarantee) => [guarantee, ...guarantee.except].map(({ issuers }) => issuers)),
  ].filter((list) => list !== undefined);
  const byText = new Map(lists.map((list) => [JSON.stringify([...list].sort()), new Set(list)]));
  return [...byText.values()];
}
