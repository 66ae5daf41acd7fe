import type { Holder } from "../policy/authorize.ts";
import type { Client, Issuer, ServedPolicy } from "../policy/policy.ts";
import { effectiveScopes, mayGrant } from "../policy/scopes.ts";
import { claimAt } from "./claim-at.ts";
import type { Claims } from "./jws.ts";
import { audienceOf } from "./standard-claims.ts";

/** The scopes that a token of one issuer grants under a policy: what `authorize` takes. */
export interface GrantedScopes extends Holder {
  /** The full names, in the order of the token, without the scopes that they imply. */
  readonly names: readonly string[];
}

/**
 * Finds the scopes that another token of the same issuer grants under the same policy with the same names in the same
 * order.
 */
export type KnownScopes = (issuer: string, names: readonly string[]) => GrantedScopes | undefined;

/**
 * Reads the scopes that a token grants. A full name grants the scope that the policy declares under it. If the issuer's
 * `scopeNames` are `short`, a short name grants scopes of the resource servers that the token's audience names; if the
 * audience names none, it grants the scope of the only resource server that declares it. Everything else grants
 * nothing, and so does a scope of a resource server that does not accept the issuer. Compares exactly.
 *
 * @param client if given, the token grants only the scopes that this client is registered for
 * @param known gives scopes that were made before under this policy: making them anew takes time and memory if a name
 * implies hundreds of others
 */
export function grantedScopes(
  claims: Claims,
  issuer: Issuer,
  { scopes: table, resourceServers }: Pick<ServedPolicy, "scopes" | "resourceServers">,
  client: Client | undefined,
  known: KnownScopes = () => undefined,
): GrantedScopes {
  const granted = new Set<string>();
  const grant = (fullName: string): void => {
    if (!mayGrant(table, issuer.name, fullName)) return;
    if (client === undefined || client.scopes.has(fullName)) granted.add(fullName);
  };
  const addressed = audienceOf(claims)?.filter((audience) => resourceServers.has(audience)) ?? [];
  for (const value of scopeValues(claimAt(claims, issuer.scopeClaim))) {
    const scope = table.byFullName.get(value);
    // The declared name and not `value`, which keeps the whole claim in memory: it may be a part of that string.
    if (scope !== undefined) grant(scope.fullName);
    else if (issuer.scopeNames === "short") {
      const declared = table.byShortName.get(value) ?? [];
      const meant =
        addressed.length > 0 ? declared.filter((scope) => addressed.includes(scope.resourceServer)) : declared;
      if (addressed.length > 0 || meant.length === 1) for (const scope of meant) grant(scope.fullName);
    }
  }
  const names = [...granted];
  return (
    known(issuer.name, names) ?? { issuer: issuer.name, names, effective: effectiveScopes(table, issuer.name, names) }
  );
}

/** RFC 6749 3.3: a space separates two names. A tab or a newline is part of a name, which then matches nothing. */
function scopeValues(claim: unknown): readonly string[] {
  if (typeof claim === "string") return claim.split(" ");
  return Array.isArray(claim) ? claim.filter((value) => typeof value === "string") : [];
}
