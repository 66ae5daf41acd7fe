import { asksForBinding } from "../../authorize.ts";
import type { Client, Issuer, Policy } from "../../policy.ts";
import { bindingOf } from "../../requirements/binding.ts";
import { requirementsIn } from "../../routing/requirements-in.ts";
import { type AuthenticationInUse, acrText, authenticationInUse } from "./authentication-in-use.ts";
import { ClaimUses } from "./claim-uses.ts";
import { type Granting, GrantsInUse } from "./grants-in-use.ts";
import { type OriginTenant, TenantsInUse } from "./tenants-in-use.ts";

/**
 * Where tokens come from: issuers whose tokens the compared policies treat alike. A policy that never names an issuer
 * in a route, a resource server or a guarantee treats all of them alike. If no condition looks at a tenant or at a
 * claim that grants scopes either, and nothing asks for bound tokens or for a class of authentication, it has one
 * origin.
 */
export interface Origin {
  /** For each policy, its issuers of this origin: all policies that have issuers here know them by the same `iss`. */
  readonly issuers: readonly (readonly Issuer[])[];
  /** The tenant of all its tokens, where conditions tell tenants apart. */
  readonly tenant?: OriginTenant;
  /** For each policy, what conditions bring along. Left out: nothing. */
  readonly grants?: readonly Granting[];
  /** Whether something asks for bound tokens: the formulas then say which tokens are bound. Left out: nothing does. */
  readonly tellsBound?: true;
  /** What the policies ask of the authentication of callers. Left out: nothing. */
  readonly authentication?: AuthenticationInUse;
  /** By `iss`: the ids of the clients whose tokens these are, where registrations cut what conditions bring along. */
  readonly clientIds?: ReadonlyMap<string, ReadonlySet<string>>;
}

export type Telling = Pick<Policy, "issuers" | "routes" | "resourceServers" | "guarantees" | "registrations">;

/**
 * The origins of one policy, or of several that are compared, at least one. Issuers correspond by the value of `iss`.
 * Where something tells issuers apart, an issuer that only one of the policies has is in another origin than those that
 * all have.
 */
export function originsOf(...policies: readonly Telling[]): readonly Origin[] {
  const lists = policies.map(listsOf);
  const all = new Set(policies.flatMap(({ issuers }) => [...issuers.keys()]));
  const uses = new ClaimUses(policies);
  const tenants = new TenantsInUse(policies, uses);
  const grants = new GrantsInUse(policies, uses);
  const authentication = authenticationInUse(policies);
  const told = {
    ...(policies.some(asksForBoundTokens) && { tellsBound: true as const }),
    ...(authentication && { authentication }),
  };
  const areAlike = lists.every(({ length }) => length === 0) && !told.tellsBound && !authentication?.hasClasses;
  if (!tenants.any && !grants.any && (all.size < 2 || areAlike)) {
    return [{ issuers: issuersBy([...all], policies), ...told }];
  }
  const candidates = [...all].flatMap((iss) =>
    tenants.of(iss).flatMap((tenant) => grants.of(iss, tenant).map((granted) => ({ iss, tenant, ...granted }))),
  );
  const byTreatment = Map.groupBy(candidates, ({ iss, tenant, grants: brought }) =>
    JSON.stringify([
      tenant && [iss, tenant.name],
      policies.map(({ issuers }, at) => {
        const issuer = issuers.get(iss);
        return (
          issuer && [
            ...(lists[at] ?? []).map((names) => names.has(issuer.name)),
            ...(told.tellsBound ? [bindingOf(issuer)] : []),
          ]
        );
      }),
      authentication?.hasClasses && policies.map(({ issuers }) => acrText(issuers.get(iss))),
      brought?.map(({ always, byAtom }) => [[...always], [...byAtom]]),
    ]),
  );
  return Array.from(byTreatment.values(), (alike) => ({ ...originFrom(alike, policies), ...told }));
}

function asksForBoundTokens({ routes, guarantees }: Telling): boolean {
  return (
    [...requirementsIn(routes)].some(asksForBinding) ||
    guarantees.some(({ claim }) => claim.kind === "senderConstrained")
  );
}

/** The tenants that some pattern has as a fixed segment. */
export function tenantsInPaths(origins: readonly Origin[]): ReadonlySet<string> {
  return new Set(origins.flatMap(({ tenant }) => (tenant?.isInPaths ? [tenant.name] : [])));
}

/** Whether tokens of a registered client come from an origin of its policy, under the assumption of `prove`. */
export function isOriginOf(
  { issuers: [issuers = []], clientIds, grants }: Origin,
  client: Pick<Client, "issuer" | "id" | "scopes">,
): boolean {
  const issuer = issuers.find(({ name }) => name === client.issuer);
  if (issuer === undefined || clientIds?.get(issuer.issuer)?.has(client.id) === false) return false;
  return grants?.[0]?.always.isSubsetOf(client.scopes) ?? true;
}

/** The tokens of one issuer, of some of its tenants or clients. */
interface Candidate {
  readonly iss: string;
  readonly tenant: OriginTenant | undefined;
  readonly grants: readonly Granting[] | undefined;
  readonly clientId: string | undefined;
}

function originFrom(alike: readonly Candidate[], policies: readonly Telling[]): Origin {
  const [first] = alike;
  const clientIds = new Map<string, Set<string>>();
  for (const { iss, clientId } of alike) {
    if (clientId !== undefined) clientIds.set(iss, (clientIds.get(iss) ?? new Set()).add(clientId));
  }
  return {
    issuers: issuersBy([...new Set(alike.map(({ iss }) => iss))], policies),
    ...(first?.tenant && { tenant: first.tenant }),
    ...(first?.grants && { grants: first.grants }),
    ...(clientIds.size > 0 && { clientIds }),
  };
}

function issuersBy(values: readonly string[], policies: readonly Telling[]): Origin["issuers"] {
  return policies.map(({ issuers }) => values.flatMap((iss) => issuers.get(iss) ?? []));
}

/** The lists that name issuers, each once. */
function listsOf({ routes, resourceServers, guarantees }: Telling): readonly ReadonlySet<string>[] {
  const lists = [
    ...Array.from(requirementsIn(routes), (requirement) =>
      requirement.kind === "public" ? undefined : requirement.issuers,
    ),
    ...Array.from(resourceServers.values(), ({ issuers }) => issuers),
    ...guarantees.flatMap((guarantee) => [guarantee, ...guarantee.except].map(({ issuers }) => issuers)),
  ].filter((list) => list !== undefined);
  const byText = new Map(lists.map((list) => [JSON.stringify([...list].sort()), new Set(list)]));
  return [...byText.values()];
}
