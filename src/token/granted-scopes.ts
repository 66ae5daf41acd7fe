import type { Holder } from "../policy/authorize.ts";
import type { ClaimPath, Client, Issuer, ServedPolicy } from "../policy/policy.ts";
import { effectiveScopes, mayGrant } from "../policy/scopes.ts";
import { claimAt } from "./claim-at.ts";
import type { Claims } from "./jws.ts";
import { audienceOf } from "./standard-claims.ts";

/** The scopes that a token of one issuer grants under a policy: what `authorize` takes. */
export interface GrantedScopes extends Holder {
  /** The full names, in the order of the token, without the scopes that they imply. */
  readonly names: readonly string[];
  /** The atoms of the conditions that its claims meet. They are in `effective`, too. Left out: there are none. */
  readonly atoms?: readonly string[];
}

/**
 * Finds the scopes that another token of the same issuer grants under the same policy with the same names and the same
 * atoms in the same order.
 */
export type KnownScopes = (
  issuer: string,
  names: readonly string[],
  atoms: readonly string[] | undefined,
) => GrantedScopes | undefined;

/** Receives a scope that a token grants, by its full name, and the value of the claim that grants it. */
export type OnGranted = (fullName: string, claim: ClaimPath, value: string) => void;

/**
 * Reads the scopes that a token grants: those that its `scopeClaim`s name, and those that its other claims grant by the
 * issuer's `grants`.
 *
 * @param client if given, the token grants only the scopes that this client is registered for
 * @param known gives scopes that were made before under this policy: making them anew takes time and memory if a name
 * implies hundreds of others
 * @param atoms of the conditions that the claims meet: see `metConditions`
 */
export function grantedScopes(
  claims: Claims,
  issuer: Issuer,
  policy: Pick<ServedPolicy, "scopes" | "resourceServers">,
  client: Client | undefined,
  known: KnownScopes = () => undefined,
  atoms?: readonly string[],
): GrantedScopes {
  const granted = new Set<string>();
  eachGranted(claims, issuer, policy, (fullName) => {
    if (client === undefined || client.scopes.has(fullName)) granted.add(fullName);
  });
  const names = [...granted];
  const { name } = issuer;
  const found = known(name, names, atoms);
  if (found !== undefined) return found;
  const effective = effectiveScopes(policy.scopes, name, names);
  if (atoms === undefined) return { issuer: name, names, effective };
  return { issuer: name, names, atoms, effective: effective.union(new Set(atoms)) };
}

/**
 * Calls `onGranted` for every scope that a token grants, as often as it grants it. Takes no account of registrations.
 *
 * In a claim with scopes, a full name grants the scope that the policy declares under it. If the issuer's `scopeNames`
 * are `short`, a short name grants scopes of the resource servers that the token's audience names; if the audience
 * names none, it grants the scope of the only resource server that declares it. In a claim with `grants`, a value
 * grants the scopes that the policy lists for it. Everything else grants nothing, and so does a scope of a resource
 * server that does not accept the issuer. Compares exactly.
 */
export function eachGranted(
  claims: Claims,
  issuer: Issuer,
  { scopes: table, resourceServers }: Pick<ServedPolicy, "scopes" | "resourceServers">,
  onGranted: OnGranted,
): void {
  const grant: OnGranted = (fullName, claim, value) => {
    if (mayGrant(table, issuer.name, fullName)) onGranted(fullName, claim, value);
  };
  const addressed = audienceOf(claims)?.filter((audience) => resourceServers.has(audience)) ?? [];
  for (const claim of issuer.scopeClaim) {
    for (const value of scopeNames(claimAt(claims, claim))) {
      const scope = table.byFullName.get(value);
      // The declared name and not `value`, which keeps the whole claim in memory: it may be a part of that string.
      if (scope !== undefined) grant(scope.fullName, claim, value);
      else if (issuer.scopeNames === "short") {
        const declared = table.byShortName.get(value) ?? [];
        const meant =
          addressed.length > 0 ? declared.filter((scope) => addressed.includes(scope.resourceServer)) : declared;
        if (addressed.length > 0 || meant.length === 1) {
          for (const scope of meant) grant(scope.fullName, claim, value);
        }
      }
    }
  }
  for (const { claim, byValue } of issuer.grants) {
    for (const value of claimValues(claimAt(claims, claim))) {
      for (const fullName of byValue.get(value) ?? []) grant(fullName, claim, value);
    }
  }
}

/** RFC 6749 3.3: a space separates two names. A tab or a newline is part of a name, which then matches nothing. */
function scopeNames(claim: unknown): readonly string[] {
  return typeof claim === "string" ? claim.split(" ") : claimValues(claim);
}

/**
 * The values of a claim: a string, the strings of a list, or the names of an object's members. A member that is `false`
 * or `null` does not count: issuers write it to say no.
 */
export function claimValues(claim: unknown): readonly string[] {
  if (typeof claim === "string") return [claim];
  if (Array.isArray(claim)) return claim.filter((value) => typeof value === "string");
  if (typeof claim !== "object" || claim === null) return [];
  return Object.entries(claim).flatMap(([name, member]) => (member === false || member === null ? [] : [name]));
}
