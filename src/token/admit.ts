import { Denial } from "../answer/denial.ts";
import { tenantIn } from "../policy/issuers/tenants.ts";
import type { ClaimHeader, Issuer, ServedPolicy } from "../policy/policy.ts";
import { SENDER_CONSTRAINED } from "../policy/requirements/conditions.ts";
import { checkClaims } from "./check-claims.ts";
import { checkTenantClaim } from "./check-tenant.ts";
import { type Confirmation, checkConfirmation } from "./confirmation.ts";
import { type GrantedScopes, grantedScopes, type KnownScopes } from "./granted-scopes.ts";
import type { Claims } from "./jws.ts";
import { metConditions } from "./met-conditions.ts";
import { clientOf } from "./standard-claims.ts";

/** What a policy makes of a token's claims: who calls, and with which scopes. It is only as true as the claims. */
export interface Admission {
  readonly issuer: Issuer;
  readonly claims: Claims;
  /** `sub`, if it is a string. */
  readonly subject: string | undefined;
  readonly clientId: string | undefined;
  /** The tenant that `iss` and the tenant claim name; `undefined`: the issuer has no tenants. */
  readonly tenant: string | undefined;
  /** What the token is bound to; left out: it is not bound. */
  readonly confirmation?: Confirmation;
  readonly granted: GrantedScopes;
  /** `exp`, in seconds since the epoch. */
  readonly expiresAtSeconds: number;
  /** Its claim headers, once they are made: see `createClaimHeaders`. */
  claimHeaders?: ClaimHeaderFields | undefined;
}

/** The claim headers that one policy makes of a token. */
export interface ClaimHeaderFields {
  /** Those of the policy. The headers of another policy, such as that of a shadow, must not be taken for its own. */
  readonly of: readonly ClaimHeader[];
  /**
   * Names of headers in lower case, each followed by its value. A list of pairs would need 190 bytes more for the five
   * defaults.
   */
  readonly fields: readonly string[];
}

/**
 * Decides whether a token with these claims is accepted, and what it grants: the times, the issuer's profile, the
 * tenant, the binding, the client's registration, the scopes. Takes the claims as true: the caller must check the
 * signature. Does not check `iss`, which chose the issuer, nor what a route requires.
 *
 * @param nowMs epoch milliseconds
 * @param known as for `grantedScopes`
 * @returns the denials of `checkClaims`, `checkTenantClaim` and `checkConfirmation`, or `client-mismatch` for a client
 * that is not registered where it must be
 */
export function admit(
  claims: Claims,
  issuer: Issuer,
  policy: Pick<ServedPolicy, "registrations" | "scopes" | "resourceServers" | "testedClaims">,
  nowMs: number,
  known?: KnownScopes,
): Admission | Denial {
  const wrongClaim = checkClaims(claims, issuer, nowMs) ?? checkTenantClaim(claims, issuer);
  if (wrongClaim !== undefined) return wrongClaim;
  const confirmation = checkConfirmation(claims, issuer);
  if (confirmation instanceof Denial) return confirmation;
  const clientId = clientOf(claims);
  // Only the issuer that registers a client can name it: another issuer may use the same client id.
  const client = clientId === undefined ? undefined : policy.registrations.get(issuer.name)?.get(clientId);
  if (issuer.registeredClientsOnly && client === undefined) {
    return new Denial("client-mismatch", "The client is not registered.");
  }
  const { sub, exp } = claims;
  const met = metConditions(claims, policy.testedClaims);
  return {
    issuer,
    claims,
    subject: typeof sub === "string" ? sub : undefined,
    clientId,
    tenant: issuer.tenants && tenantIn(issuer, String(claims["iss"])),
    granted: grantedScopes(
      claims,
      issuer,
      policy,
      issuer.registeredClientsOnly ? client : undefined,
      known,
      confirmation === undefined ? met : [...(met ?? []), SENDER_CONSTRAINED],
    ),
    expiresAtSeconds: Number(exp),
    claimHeaders: undefined,
    ...(confirmation && { confirmation }),
  };
}
