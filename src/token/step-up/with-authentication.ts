import type { Held, Holder } from "../../policy/authorize.ts";
import type { Issuer, Requirement } from "../../policy/policy.ts";
import { acrAtom, stepUpOf, withinAtom } from "../../policy/requirements/step-up.ts";
import { claimAt } from "../claim-at.ts";
import type { Claims } from "../jws.ts";
import { isFiniteNumber } from "../standard-claims.ts";

type HeldBy = Pick<Holder, "issuer"> & { readonly effective: Held };

/**
 * Adds to what a caller holds how and when its user authenticated, as far as the requirement asks. Returns `holder`
 * itself for a requirement that does not ask.
 */
export type WithAuthentication = (
  holder: HeldBy,
  requirement: Requirement,
  token: { readonly claims: Claims; readonly issuer: Issuer },
) => HeldBy;

/**
 * Makes the function that reads the evidence of step-up (RFC 9470 6.1): the claim with the class, and `auth_time`. It
 * reads them for each request, also of a remembered token, because an authentication grows old while a token is valid.
 *
 * @param now epoch milliseconds
 */
export function createWithAuthentication(now: () => number): WithAuthentication {
  return (holder, requirement, { claims, issuer }) => {
    const stepUp = stepUpOf(requirement);
    if (stepUp === undefined) return holder;
    const met = new Set<string>();
    for (const acr of stepUp.acr ?? []) if (hasAcr(claims, acr, issuer)) met.add(acrAtom(acr));
    const { maxAgeSeconds } = stepUp;
    if (maxAgeSeconds !== undefined && hasAuthenticatedWithin(claims, maxAgeSeconds, issuer, now())) {
      met.add(withinAtom(maxAgeSeconds));
    }
    if (met.size === 0) return holder;
    return { issuer: holder.issuer, effective: { has: (name) => met.has(name) || holder.effective.has(name) } };
  };
}

/**
 * Whether a token has a class of authentication, or a higher one. Compares exactly. `acr` counts only as one string
 * (OpenID Connect Core 2). Another claim may be an array, of which one item is enough, such as `acrs` of Entra ID.
 */
function hasAcr(claims: Claims, acr: string, { acrClaim = ACR, acrOrder = [] }: Issuer): boolean {
  const value = claimAt(claims, acrClaim);
  const lowest = acrOrder.indexOf(acr);
  const suffices = (item: unknown): boolean =>
    typeof item === "string" && (item === acr || (lowest !== -1 && acrOrder.indexOf(item) > lowest));
  return Array.isArray(value) && acrClaim !== ACR ? value.some(suffices) : suffices(value);
}

const ACR = ["acr"] as const;

/**
 * Whether `auth_time` is at most so many seconds ago. The tolerance widens both ends. A time in the future beyond it is
 * no evidence: an issuer cannot know that the user will authenticate.
 */
function hasAuthenticatedWithin(
  { auth_time: at }: Claims,
  maxAgeSeconds: number,
  { clockToleranceSeconds }: Issuer,
  nowMs: number,
): boolean {
  if (!isFiniteNumber(at)) return false;
  const age = nowMs / 1000 - at;
  return age >= -clockToleranceSeconds && age <= maxAgeSeconds + clockToleranceSeconds;
}
