import { Denial } from "../answer/denial.ts";
import { MAX_TOKEN_BYTES } from "../limits.ts";

/** RFC 9110 11.4: the scheme in upper or lower case, then one or more spaces. A tab is not a space. */
const BEARER = /^bearer(?: +|$)/i;
/** The syntax of a token (RFC 6750 2.1). */
const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;
/** A bearer credential that follows a credential of another scheme. */
const SECOND_BEARER = /,\s*bearer(?:\s|$)/i;

/**
 * The bearer token of an `Authorization` header (RFC 6750 2.1). Tokens in the query or the body are not credentials.
 *
 * Two credentials are refused, because an upstream could choose another one than the gateway. Several header lines
 * arrive as one value joined by commas, and a token holds no comma.
 *
 * @param authorization the value of the header, or `null` if there is none
 * @returns the token, of at most `MAX_TOKEN_BYTES` and with nothing else checked; `credentials-missing` for no
 * credential or another scheme, `credentials-malformed` otherwise
 */
export function bearerToken(authorization: string | null): string | Denial {
  if (authorization === null || authorization === "") return new Denial("credentials-missing");
  const scheme = BEARER.exec(authorization);
  if (scheme === null) {
    if (SECOND_BEARER.test(authorization))
      return new Denial("credentials-malformed", "The header holds two credentials.");
    return new Denial("credentials-missing", "The scheme is not Bearer.");
  }
  const token = authorization.slice(scheme[0].length);
  if (token.length > MAX_TOKEN_BYTES) return new Denial("credentials-malformed", "The token is too long.");
  if (!B64TOKEN.test(token)) return new Denial("credentials-malformed", "The header does not hold exactly one token.");
  return token;
}
