import { Denial } from "../answer/denial.ts";
import { MAX_TOKEN_BYTES } from "../limits.ts";

/** RFC 9110 11.4: the scheme in any case, then one or more spaces (a tab is not one). */
const BEARER = /^bearer(?: +|$)/i;
/** RFC 6750 2.1. */
const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;
/** A second credential behind one of another scheme. */
const SECOND_BEARER = /,\s*bearer(?:\s|$)/i;

/**
 * The bearer token of an `Authorization` header (RFC 6750 2.1). Query and body tokens are not credentials.
 *
 * Several header lines arrive as one value joined by commas, and no b64token has a comma, so two credentials are
 * refused rather than one of them picked: an upstream might pick the other.
 *
 * @returns the token, not yet looked into; `credentials-missing` or `credentials-malformed` otherwise
 */
export function bearerToken(authorization: string | null): string | Denial {
  if (authorization === null || authorization === "") return new Denial("credentials-missing");
  const scheme = BEARER.exec(authorization);
  if (scheme === null) {
    if (SECOND_BEARER.test(authorization)) return new Denial("credentials-malformed", "two credentials");
    return new Denial("credentials-missing", "another scheme than Bearer");
  }
  const token = authorization.slice(scheme[0].length);
  if (token.length > MAX_TOKEN_BYTES) return new Denial("credentials-malformed", "token too long");
  if (!B64TOKEN.test(token)) return new Denial("credentials-malformed", "not one b64token");
  return token;
}
