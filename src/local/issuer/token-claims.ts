import type { JWTPayload } from "jose";
import { PROFILES } from "../../policy/profiles.ts";
import { withClaim } from "../../policy/with-claim.ts";
import type { IssuerSettings } from "./issuer-settings.ts";
import type { Grant } from "./token-request.ts";

/** How long a token of the local issuer is valid. */
export const TOKEN_LIFETIME_SECONDS = 3600;

/** The names of claims that issuers fill with scopes in one string. Any other claim holds them in a list. */
const STRING_CLAIMS: ReadonlySet<string> = new Set(["scope", "scp"]);

/**
 * The claims of an access token for client credentials, in the shape of the issuer's profile. The subject is the
 * client.
 *
 * @param jti identifier of the token
 * @param nowMs epoch milliseconds
 */
export function tokenClaims(settings: IssuerSettings, grant: Grant, jti: string, nowMs: number): JWTPayload {
  const now = Math.floor(nowMs / 1000);
  const scopes = grant.scopes.map((name) => settings.scopeNames[name] ?? name);
  const { scopeClaim } = settings;
  const last = scopeClaim.at(-1) ?? "scope";
  const held = STRING_CLAIMS.has(last) ? scopes.join(" ") : scopes;
  const claims = {
    sub: grant.clientId,
    iss: settings.issuer,
    exp: now + TOKEN_LIFETIME_SECONDS,
    iat: now,
    jti,
    ...PROFILES[settings.profile].fixedClaims,
    ...profileClaims(settings, grant.clientId, now),
  };
  const { tenant } = settings;
  return withClaim(tenant ? withClaim(claims, tenant.claim, tenant.id) : claims, scopeClaim, held);
}

/** The `typ` in the header of the issuer's access tokens; `undefined`: none, as at Cognito. */
export function tokenType({ profile }: Pick<IssuerSettings, "profile">): string | undefined {
  return profile === "cognito" ? undefined : profile === "rfc9068" ? "at+jwt" : "JWT";
}

function profileClaims(
  { profile, audiences, audienceClaim }: IssuerSettings,
  clientId: string,
  now: number,
): JWTPayload {
  const [only = ""] = audiences;
  const aud = audiences.length === 1 ? only : [...audiences];
  switch (profile) {
    case "cognito":
      // Cognito writes `aud` only for a token that is bound to a resource.
      return {
        auth_time: now,
        version: 2,
        client_id: clientId,
        ...(audiences.length > 0 && !audiences.includes(clientId) && { aud }),
      };
    case "rfc9068":
      return { client_id: clientId, aud };
    case "generic":
      // Auth0, Keycloak and Entra ID name the client in `azp`. It may be the audience, as at Clerk: then another claim
      // does.
      return audienceClaim.length === 1 && audienceClaim[0] === "aud"
        ? { azp: clientId, aud }
        : withClaim({ client_id: clientId }, audienceClaim, audiences.includes(clientId) ? clientId : only);
  }
}
