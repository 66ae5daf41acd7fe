import type { ALGORITHMS, SCOPE_NAMES } from "./issuer-choices.ts";

/** The kinds of issuers whose access tokens the gateway knows, by the name that `routes.json` gives them. */
export const PROFILE_NAMES = ["cognito", "rfc9068", "generic"] as const;

export type ProfileName = (typeof PROFILE_NAMES)[number];

/**
 * A claim that a profile can require. `token/profile-checks.ts` says which values count. `aud` stands for the claim
 * that the issuer's `audienceClaims` choose.
 */
export type RequiredClaim = "sub" | "client_id" | "jti" | "iat" | "aud";

/**
 * The claims that can name the client, in the order in which they are looked at. The first that is a filled string
 * counts.
 */
export const CLIENT_CLAIMS = ["client_id", "azp", "cid", "appid"] as const;

/** What a profile says of its issuers and their access tokens. Its checks are in `token/profile-checks.ts`. */
export interface Profile {
  /** Accepted JWS algorithms, unless the issuer lists its own. */
  readonly algorithms: readonly (typeof ALGORITHMS)[number][];
  /** How tokens name scopes, unless the issuer says otherwise. */
  readonly scopeNames: (typeof SCOPE_NAMES)[number];
  /** Whether an issuer must list `audiences`: without them it would accept tokens that are meant for other APIs. */
  readonly needsAudiences: boolean;
  /** The claims that `audiences` are compared with, unless the issuer lists its own: the first that a token has. */
  readonly audienceClaims: readonly string[];
  /** Whether an issuer may list its own `audienceClaims`. */
  readonly takesAudienceClaims: boolean;
  /** Claims that must have exactly this value. They tell an access token from an ID token, which the same keys sign. */
  readonly fixedClaims: Readonly<Record<string, string>>;
  /** Claims that must be there, in the order in which they are checked. A claim of the wrong type counts as missing. */
  readonly requiredClaims: readonly RequiredClaim[];
}

const STANDARD_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"] as const;

/** All profiles. A new one does not compile until it is here and in `token/profile-checks.ts`. */
export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  /**
   * AWS Cognito. Its access tokens have an `aud` only if the client asked for one. Their scopes name the resource
   * server instead.
   */
  cognito: {
    algorithms: ["RS256"],
    scopeNames: "full",
    needsAudiences: false,
    audienceClaims: ["aud", "client_id"],
    takesAudienceClaims: true,
    fixedClaims: { token_use: "access" },
    requiredClaims: ["client_id"],
  },
  /** Issuers that follow the JWT profile for access tokens (RFC 9068 2.2). */
  rfc9068: {
    algorithms: STANDARD_ALGORITHMS,
    scopeNames: "short",
    needsAudiences: true,
    audienceClaims: ["aud"],
    takesAudienceClaims: false,
    fixedClaims: {},
    requiredClaims: ["sub", "client_id", "jti", "iat", "aud"],
  },
  /** Any other issuer of JWT access tokens. Only the audience and `typ` keep its ID tokens out. */
  generic: {
    algorithms: STANDARD_ALGORITHMS,
    scopeNames: "short",
    needsAudiences: true,
    audienceClaims: ["aud"],
    takesAudienceClaims: true,
    fixedClaims: {},
    requiredClaims: ["aud"],
  },
};
