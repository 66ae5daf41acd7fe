/**
 * The JWS algorithms that an issuer may use (RFC 7518 3.1, RFC 8037, RFC 9864). All are asymmetric: with an HMAC,
 * everyone who can verify a token could also sign one.
 */
export const ALGORITHMS = [
  ...(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] as const),
  ...(["ES256", "ES384", "ES512", "EdDSA", "Ed25519"] as const),
];

/** How tokens name scopes: always in full, or by the part after the resource server too. */
export const SCOPE_NAMES = ["full", "short"] as const;
