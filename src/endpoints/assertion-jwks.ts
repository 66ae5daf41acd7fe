import type { PublishedJwk } from "../assertion/signing-keys.ts";
import { ASSERTION_JWKS_MAX_AGE_SECONDS } from "../limits.ts";

export const JWKS_PATH = "/_gateway/jwks.json";

/** The keys that upstreams verify assertions with, as a JWK Set (RFC 7517 5). Everybody may read and cache it. */
export function assertionJwks(keys: readonly PublishedJwk[]): Response {
  const headers = { "cache-control": `public, max-age=${ASSERTION_JWKS_MAX_AGE_SECONDS}` };
  return Response.json({ keys }, { headers });
}
