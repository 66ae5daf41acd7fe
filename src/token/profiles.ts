import { Denial } from "../answer/denial.ts";
import type { Issuer, ProfileName } from "../policy/policy.ts";
import type { Claims, JoseHeader } from "./jws.ts";

/**
 * What a kind of issuer demands of its access tokens, on top of what holds for all. To add a check for one kind of
 * issuer, add it here; for all of them, in `claims.ts`.
 */
export interface Profile {
  /** Looks at the header before any key is looked up. */
  readonly checkType: (header: JoseHeader) => Denial | undefined;
  /** Looks at the claims once the signature is verified. */
  readonly checkClaims: (claims: Claims, issuer: Issuer) => Denial | undefined;
}

/** The three profiles by the name that `routes.json` gives. */
export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  /** AWS Cognito: no `typ`, and no `aud` in an access token unless the caller asked for a resource. */
  cognito: {
    checkType: () => undefined,
    checkClaims: (claims, issuer) => {
      // An ID token is signed with the same keys and must never pass for an access token.
      if (claims["token_use"] !== "access") return new Denial("token-type-mismatch", "token_use is not access");
      const clientId = claims["client_id"];
      if (!isFilledString(clientId)) return missing("client_id");
      if (issuer.audiences === undefined) return undefined;
      if (claims["aud"] !== undefined) return checkAudience(claims, issuer);
      return issuer.audiences.has(clientId) ? undefined : new Denial("client-mismatch", "client_id not in audiences");
    },
  },
  /** JWT profile for access tokens (RFC 9068 2.1, 2.2, 4). */
  rfc9068: {
    checkType: ({ typ }) => (mediaType(typ) === "at+jwt" ? undefined : typeMismatch()),
    checkClaims: (claims, issuer) => {
      for (const name of ["sub", "client_id", "jti"]) if (!isFilledString(claims[name])) return missing(name);
      if (claims["iat"] === undefined) return missing("iat");
      if (audienceOf(claims) === undefined) return missing("aud");
      return checkAudience(claims, issuer);
    },
  },
  /** Any other issuer of JWT access tokens: the audience is what keeps its ID tokens out. */
  generic: {
    checkType: ({ typ }) => {
      const type = mediaType(typ);
      return type === undefined || type === "jwt" || type === "at+jwt" ? undefined : typeMismatch();
    },
    checkClaims: (claims, issuer) => {
      if (audienceOf(claims) === undefined) return missing("aud");
      return checkAudience(claims, issuer);
    },
  },
};

/** The audience as a list (RFC 7519 4.1.3), or `undefined` when it is missing, empty or of another type. */
export function audienceOf(claims: Claims): readonly string[] | undefined {
  const { aud } = claims;
  if (isFilledString(aud)) return [aud];
  return Array.isArray(aud) && aud.length > 0 && aud.every(isFilledString) ? aud : undefined;
}

/** The client a token was issued to: `client_id`, else `azp`, else `cid`, else `appid`. */
export function clientOf(claims: Claims): string | undefined {
  for (const name of ["client_id", "azp", "cid", "appid"]) {
    const value = claims[name];
    if (isFilledString(value)) return value;
  }
  return undefined;
}

function checkAudience(claims: Claims, issuer: Issuer): Denial | undefined {
  const matches = audienceOf(claims)?.some((audience) => issuer.audiences?.has(audience));
  return matches ? undefined : new Denial("audience-mismatch", "aud not in audiences");
}

/** `typ` is compared without case, and its `application/` may be left out (RFC 7515 4.1.9). */
function mediaType(typ: string | undefined): string | undefined {
  return typ?.toLowerCase().replace(/^application\//, "");
}

function isFilledString(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function missing(claim: string): Denial {
  return new Denial("claim-missing", `${claim} is missing or of the wrong type`);
}

function typeMismatch(): Denial {
  return new Denial("token-type-mismatch", "typ is not that of an access token");
}
