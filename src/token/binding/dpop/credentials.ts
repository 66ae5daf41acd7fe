import { Denial } from "../../../answer/denial.ts";
import { bearerToken } from "../../bearer.ts";

/** How a token was sent: alone, or with a proof (RFC 9449 7.1). */
export type Scheme = "bearer" | "dpop";

/** RFC 9110 11.4: the scheme in upper or lower case, then spaces. */
const DPOP = /^dpop(?= |$)/i;
/** A DPoP credential that follows a credential of another scheme. */
const SECOND_DPOP = /,\s*dpop(?:\s|$)/i;

/** The scheme that a caller tried. Everything that is not DPoP counts as bearer. */
export function triedScheme(authorization: string | null): Scheme {
  return authorization !== null && DPOP.test(authorization) ? "dpop" : "bearer";
}

/** The token of an `Authorization` header with the scheme DPoP or Bearer. Both have one syntax: see `bearerToken`. */
export function dpopOrBearerToken(authorization: string | null): string | Denial {
  if (authorization === null) return bearerToken(null);
  if (DPOP.test(authorization)) return bearerToken(authorization.replace(DPOP, "Bearer"));
  if (SECOND_DPOP.test(authorization)) {
    return new Denial("credentials-malformed", "The header holds two credentials.");
  }
  return bearerToken(authorization);
}
