import { issuerOf } from "../policy/issuers/tenants.ts";
import type { Issuer, Policy } from "../policy/policy.ts";
import type { Claims } from "../token/jws.ts";

/**
 * The issuer that a token says it is from. Nothing verifies that here. Anyone can write an unverified `iss`, also one that
 * is no string; `undefined` then, and for an issuer that the policy does not have.
 */
export function claimedIssuer(policy: Policy, unverifiedClaims: Claims | undefined): Issuer | undefined {
  const iss = unverifiedClaims?.["iss"];
  return typeof iss === "string" ? issuerOf(policy, iss) : undefined;
}
