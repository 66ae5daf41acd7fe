import { Denial } from "../answer/denial.ts";
import type { Issuer } from "../policy/policy.ts";
import { PROFILES } from "../policy/profiles.ts";
import type { Claims } from "./jws.ts";
import { checkProfileClaims } from "./profile-checks.ts";
import { isFiniteNumber } from "./standard-claims.ts";

/**
 * Checks the claims of a token: the times, which hold for every issuer (RFC 7519 4.1.4 to 4.1.6), then the issuer's
 * profile. `clockToleranceSeconds` widens each time by itself. Does not check scopes, nor `iss`, which chose the
 * issuer.
 *
 * @param nowMs epoch milliseconds
 * @returns `claim-missing`, `token-malformed`, `token-expired`, `token-not-yet-valid` or the denials of
 * `checkProfileClaims`; `undefined` if all is well
 */
export function checkClaims(claims: Claims, issuer: Issuer, nowMs: number): Denial | undefined {
  const { exp, nbf, iat } = claims;
  const nowSeconds = nowMs / 1000;
  const tolerance = issuer.clockToleranceSeconds;
  if (!isFiniteNumber(exp)) return new Denial("claim-missing", "The claim `exp` is missing or is not a finite number.");
  if (nbf !== undefined && !isFiniteNumber(nbf)) {
    return new Denial("token-malformed", "The claim `nbf` is not a finite number.");
  }
  if (iat !== undefined && !isFiniteNumber(iat)) {
    // A required claim of the wrong type counts as missing.
    const isRequired = PROFILES[issuer.profile].requiredClaims.includes("iat");
    return new Denial(isRequired ? "claim-missing" : "token-malformed", "The claim `iat` is not a finite number.");
  }
  if (nowSeconds >= exp + tolerance) return new Denial("token-expired");
  if (nbf !== undefined && nbf > nowSeconds + tolerance) {
    return new Denial("token-not-yet-valid", "The time of `nbf` is in the future.");
  }
  if (iat !== undefined && iat > nowSeconds + tolerance) {
    return new Denial("token-not-yet-valid", "The time of `iat` is in the future.");
  }
  return checkProfileClaims(claims, issuer);
}
