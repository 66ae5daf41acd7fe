import { Denial } from "../answer/denial.ts";
import type { Issuer } from "../policy/policy.ts";
import type { Claims } from "./jws.ts";
import { PROFILES } from "./profiles.ts";

/**
 * Checks the claims of a token whose signature is verified: the times that hold for every issuer (RFC 7519 4.1.4 to
 * 4.1.6), then the issuer's profile. Does not check scopes, nor `iss`, which chose the issuer.
 *
 * @param nowMs epoch milliseconds
 * @returns what is wrong, or `undefined`
 */
export function checkClaims(claims: Claims, issuer: Issuer, nowMs: number): Denial | undefined {
  const { exp, nbf, iat } = claims;
  const nowSeconds = nowMs / 1000;
  const tolerance = issuer.clockToleranceSeconds;
  if (!isFiniteNumber(exp)) return new Denial("claim-missing", "exp is missing or not a finite number");
  if (nbf !== undefined && !isFiniteNumber(nbf)) return new Denial("token-malformed", "nbf is not a finite number");
  if (iat !== undefined && !isFiniteNumber(iat)) {
    // A required claim of the wrong type counts as missing, and RFC 9068 2.2 requires this one.
    return new Denial(issuer.profile === "rfc9068" ? "claim-missing" : "token-malformed", "iat is not a finite number");
  }
  if (nowSeconds >= exp + tolerance) return new Denial("token-expired");
  if (nbf !== undefined && nbf > nowSeconds + tolerance) return new Denial("token-not-yet-valid", "nbf lies ahead");
  if (iat !== undefined && iat > nowSeconds + tolerance) return new Denial("token-not-yet-valid", "iat lies ahead");
  return PROFILES[issuer.profile].checkClaims(claims, issuer);
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
