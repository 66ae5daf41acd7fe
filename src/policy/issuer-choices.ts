/** Asymmetric only (RFC 7518 3.1, RFC 8037, RFC 9864): with HMAC a published key would sign as well as verify. */
export const ALGORITHMS = [
  ...(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] as const),
  ...(["ES256", "ES384", "ES512", "EdDSA", "Ed25519"] as const),
];

/** How tokens name scopes. */
export const SCOPE_NAMES = ["full", "short"] as const;
