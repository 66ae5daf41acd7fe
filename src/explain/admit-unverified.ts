import { Denial } from "../answer/denial.ts";
import type { Policy } from "../policy/policy.ts";
import { type Admission, admit } from "../token/admit.ts";
import { checkUnverified } from "../token/check-unverified.ts";
import { parseJws } from "../token/jws.ts";

/**
 * What `verifyToken` would answer if the token's signature were valid: the same steps in the same order, without the
 * key and the signature. For explaining only: anyone can write such a token.
 *
 * @param nowMs epoch milliseconds
 */
export function admitUnverified(token: string, policy: Policy, nowMs: number): Admission | Denial {
  const jws = parseJws(token);
  if (jws instanceof Denial) return jws;
  const reference = checkUnverified(jws, policy);
  if (reference instanceof Denial) return reference;
  return admit(jws.unverifiedClaims, reference.issuer, policy, nowMs);
}
