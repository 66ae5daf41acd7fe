import type { HonoJsonWebKey } from "hono/utils/jwt/jws";

/** The bindings of the Workers that the gateway is compared with. */
export interface PeerEnv {
  readonly ISSUER_URL: string;
  readonly PRODUCTS_URL: string;
  readonly KEYS: HonoJsonWebKey[];
}

const REQUIRED_SCOPE = "https://api.myecommerce.com/read:products";

/** Whether the claims are those of a Cognito access token with the scope of the bench's route. */
export function isAccessToken({ token_use, scope }: Readonly<Record<string, unknown>>): boolean {
  return token_use === "access" && typeof scope === "string" && scope.split(" ").includes(REQUIRED_SCOPE);
}

/** The headers that the gateway writes from the same claims. */
export function claimHeaders(claims: Readonly<Record<string, unknown>>): Record<string, string> {
  return {
    "x-auth-subject": String(claims["sub"]),
    "x-auth-client-id": String(claims["client_id"]),
    "x-auth-scopes": String(claims["scope"]),
    "x-auth-issuer": String(claims["iss"]),
    "x-auth-token-id": String(claims["jti"]),
  };
}
