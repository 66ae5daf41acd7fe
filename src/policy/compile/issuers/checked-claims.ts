/**
 * Claims that the gateway checks itself (RFC 7519 4.1, RFC 7800 3.1). They say who issued a token, for whom, when, and
 * to which key, so none of them holds scopes or a tenant.
 */
export const CHECKED_CLAIMS: ReadonlySet<string> = new Set(["iss", "aud", "exp", "nbf", "iat", "cnf"]);
