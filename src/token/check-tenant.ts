import { Denial } from "../answer/denial.ts";
import { acceptsTenant, tenantIn } from "../policy/issuers/tenants.ts";
import type { Issuer } from "../policy/policy.ts";
import { claimAt } from "./claim-at.ts";
import type { Claims } from "./jws.ts";

/**
 * Checks whether the issuer accepts the tenant that `iss` names. The claims may be false: before the signature is
 * checked, this keeps a token of another tenant from making the gateway look up a key.
 *
 * @returns `tenant-mismatch`; `undefined` for an accepted tenant, and for an issuer without tenants
 */
export function checkIssTenant(iss: string, issuer: Issuer): Denial | undefined {
  if (issuer.tenants === undefined) return undefined;
  const tenant = tenantIn(issuer, iss);
  if (tenant !== undefined && acceptsTenant(issuer, tenant)) return undefined;
  return new Denial("tenant-mismatch", "The tenant in `iss` is not among the issuer's `tenants`.");
}

/**
 * Checks that the tenant of a token is accepted, and that its tenant claim names the tenant of its `iss`. Some
 * upstreams read the claim, and one key set signs for all tenants: a token must not name two.
 *
 * @returns `tenant-mismatch`, or `undefined` if all is well
 */
export function checkTenantClaim(claims: Claims, issuer: Issuer): Denial | undefined {
  if (issuer.tenants === undefined) return undefined;
  const iss = String(claims["iss"]);
  const wrongTenant = checkIssTenant(iss, issuer);
  if (wrongTenant !== undefined) return wrongTenant;
  if (claimAt(claims, issuer.tenants.claim) === tenantIn(issuer, iss)) return undefined;
  const name = issuer.tenants.claim.join("/");
  return new Denial("tenant-mismatch", `The claim \`${name}\` is not the tenant in \`iss\`.`);
}
