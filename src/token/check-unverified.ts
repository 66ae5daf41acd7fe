import { Denial } from "../answer/denial.ts";
import { issuerOf } from "../policy/issuers/tenants.ts";
import type { Issuer, ServedPolicy } from "../policy/policy.ts";
import { checkIssTenant } from "./check-tenant.ts";
import type { UnverifiedJws } from "./jws.ts";
import { checkTokenType } from "./profile-checks.ts";

/** Where to look for the key of a token that has passed `checkUnverified`. The token itself is not verified yet. */
export interface KeyReference {
  readonly issuer: Issuer;
  readonly unverifiedKid: string;
}

/**
 * Checks what can be checked of a token before its signature: a known issuer, an accepted tenant, an algorithm on the
 * issuer's list (RFC 8725 3.1), the token type of its profile, and a `kid`. The gateway looks up no key for a token
 * that fails here, so nobody can make it ask an issuer with a token that cannot pass. Does not check the signature, the
 * times or any other claim.
 *
 * @returns `claim-missing` for a token without `iss`; `issuer-unknown`, `tenant-mismatch`, `algorithm-refused`,
 * `token-type-mismatch`, or `key-unknown` for a token without `kid`
 */
export function checkUnverified(
  { unverifiedHeader, unverifiedClaims }: UnverifiedJws,
  policy: Pick<ServedPolicy, "issuers">,
): KeyReference | Denial {
  const { iss } = unverifiedClaims;
  if (typeof iss !== "string") return new Denial("claim-missing", "The claim `iss` is missing or is not a string.");
  const issuer = issuerOf(policy, iss);
  if (issuer === undefined) return new Denial("issuer-unknown");
  const wrongTenant = checkIssTenant(iss, issuer);
  if (wrongTenant !== undefined) return wrongTenant;
  const { alg, kid } = unverifiedHeader;
  if (!issuer.algorithms.has(alg)) {
    return new Denial("algorithm-refused", "The token's `alg` is not among the issuer's algorithms.");
  }
  const wrongType = checkTokenType(unverifiedHeader, issuer.profile);
  if (wrongType !== undefined) return wrongType;
  if (kid === undefined) return new Denial("key-unknown", "The token has no `kid`.");
  return { issuer, unverifiedKid: kid };
}
