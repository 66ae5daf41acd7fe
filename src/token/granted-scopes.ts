import type { Client, Issuer, ServedPolicy } from "../policy/policy.ts";
import { withImplied } from "../policy/scopes.ts";
import { claimAt } from "./claim-at.ts";
import type { Claims } from "./jws.ts";
import { audienceOf } from "./standard-claims.ts";

/** What a token grants under this policy. */
export interface GrantedScopes {
  /** Full names that the token grants and the policy declares, in the token's order, without what they imply. */
  readonly names: readonly string[];
  /** The same with all that they imply: what requirements are held against. */
  readonly effective: ReadonlySet<string>;
}

/**
 * The scopes a token grants. A declared full name counts everywhere. With `"scopeNames": "short"` a short name counts
 * too: under the resource servers that the token's audience names; if it names none, under the only one that declares
 * the name. Everything else in the token grants nothing, and so does what `client` may not be granted.
 *
 * @param client the registration the token is held to, or `undefined`
 */
export function grantedScopes(
  claims: Claims,
  issuer: Issuer,
  { scopes: table, resourceServers }: Pick<ServedPolicy, "scopes" | "resourceServers">,
  client: Client | undefined,
): GrantedScopes {
  const names = new Set<string>();
  const grant = (fullName: string): void => {
    if (client === undefined || client.scopes.has(fullName)) names.add(fullName);
  };
  const addressed = audienceOf(claims)?.filter((audience) => resourceServers.has(audience)) ?? [];
  for (const value of scopeValues(claimAt(claims, issuer.scopeClaim))) {
    if (table.byFullName.has(value)) grant(value);
    else if (issuer.scopeNames === "short") {
      const declared = table.byShortName.get(value) ?? [];
      const meant =
        addressed.length > 0 ? declared.filter((scope) => addressed.includes(scope.resourceServer)) : declared;
      if (addressed.length > 0 || meant.length === 1) for (const scope of meant) grant(scope.fullName);
    }
  }
  return { names: [...names], effective: withImplied(table, names) };
}

/** RFC 6749 3.3: separated by single spaces; a tab or newline is part of a name and so matches nothing. */
function scopeValues(claim: unknown): readonly string[] {
  if (typeof claim === "string") return claim.split(" ");
  return Array.isArray(claim) ? claim.filter((value) => typeof value === "string") : [];
}
