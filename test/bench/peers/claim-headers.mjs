/** The headers that the gateway writes, from the same claims. */
export function claimHeaders(claims) {
  return {
    "x-auth-subject": claims.sub,
    "x-auth-client-id": claims.client_id,
    "x-auth-scopes": claims.scope,
    "x-auth-issuer": claims.iss,
    "x-auth-token-id": claims.jti,
  };
}

export const REQUIRED_SCOPE = "https://api.myecommerce.com/read:products";
