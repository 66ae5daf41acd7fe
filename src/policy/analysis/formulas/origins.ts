import type { Issuer, Policy } from "../../policy.ts";

/**
 * Where tokens come from: issuers whose tokens the compared policies treat alike. A policy that never names an issuer in a
 * route, a resource server or a guarantee treats all of them alike, and has one origin.
 */
export interface Origin {
  /** For each policy, its issuers of this origin: all policies that have issuers here know them by the same `iss`. */
  readonly issuers: readonly (readonly Issuer[])[];
}

type Telling = Pick<Policy, "issuers" | "routes" | "resourceServers" | "guarantees">;

/**
 * The origins of one policy, or of several that are compared, at least one. Issuers correspond by the value of `iss`.
 * Where some list tells issuers apart, an issuer that only one of the policies has is in another origin than those that
 * all have.
 */
export function originsOf(...policies: readonly Telling[]): readonly Origin[] {
  const lists = policies.map(listsOf);
  const all = new Set(policies.flatMap(({ issuers }) => [...issuers.keys()]));
  if (all.size < 2 || lists.every(({ length }) => length === 0)) return [originFrom([...all], policies)];
  const byTreatment = Map.groupBy(all, (iss) =>
    JSON.stringify(
      policies.map(({ issuers }, at) => {
        const issuer = issuers.get(iss);
        return issuer && lists[at]?.map((names) => names.has(issuer.name));
      }),
    ),
  );
  return Array.from(byTreatment.values(), (values) => originFrom(values, policies));
}

function originFrom(values: readonly string[], policies: readonly Telling[]): Origin {
  return { issuers: policies.map(({ issuers }) => values.flatMap((iss) => issuers.get(iss) ?? [])) };
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
