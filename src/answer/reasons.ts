import type { CoreReason, Denial, FeatureReason } from "./denial.ts";
import type { ReasonEntry } from "./reason-entry.ts";

/**
 * The reasons that every Worker has. A new one does not compile until it has a row here. Denials of a feature bring
 * their rows, so that a Worker without the feature does not have them: see `all-reasons.ts`.
 */
export const REASONS: { readonly [R in CoreReason]: ReasonEntry } & { readonly [R in FeatureReason]?: never } = {
  "path-ambiguous": {
    stage: "canonicalize",
    status: 400,
    title: "Ambiguous path",
    detail: "The request path can be read in more than one way.",
  },
  "path-too-long": {
    stage: "canonicalize",
    status: 414,
    title: "Path too long",
    detail: "The request path is longer than 8 KiB.",
  },
  "host-unknown": {
    stage: "canonicalize",
    status: 421,
    title: "Unknown host",
    detail: "This gateway does not serve the host of the request.",
  },
  "route-unknown": {
    stage: "match",
    status: 404,
    title: "Unknown route",
    detail: "No route of this gateway matches the request path.",
  },
  "method-not-allowed": {
    stage: "match",
    status: 405,
    title: "Method not allowed",
    detail: "The path does not serve this method. See the Allow header.",
  },
  "credentials-missing": {
    stage: "authenticate",
    status: 401,
    title: "Credentials missing",
    detail: "Send an access token in the Authorization header.",
    challenge: "none",
  },
  "credentials-malformed": {
    stage: "authenticate",
    status: 400,
    title: "Credentials malformed",
    detail: "The Authorization header must hold exactly one access token.",
    challenge: "invalid_request",
  },
  "token-malformed": invalidToken("Token malformed", "The access token is not a well-formed signed JWT."),
  "token-expired": invalidToken("Token expired", "The access token has expired."),
  "token-not-yet-valid": invalidToken("Token not yet valid", "The access token is not valid yet."),
  "signature-invalid": invalidToken("Signature invalid", "The access token's signature is invalid."),
  "key-unknown": invalidToken("Key unknown", "The issuer publishes no key that matches the access token."),
  "algorithm-refused": invalidToken("Algorithm refused", "The access token's signature algorithm is not accepted."),
  "issuer-unknown": invalidToken("Issuer unknown", "The access token's issuer is not accepted."),
  "issuer-not-accepted": invalidToken(
    "Issuer not accepted",
    "This route does not accept access tokens of this issuer.",
  ),
  "audience-mismatch": invalidToken("Audience mismatch", "The access token is intended for another audience."),
  "client-mismatch": invalidToken("Client mismatch", "The access token's client is not accepted."),
  "tenant-mismatch": invalidToken("Tenant mismatch", "The access token's tenant is not accepted."),
  "token-type-mismatch": invalidToken("Token type mismatch", "The token is not an access token of the expected type."),
  "claim-missing": invalidToken("Claim missing", "The access token lacks a required claim."),
  "token-binding-unsupported": invalidToken(
    "Token binding unsupported",
    "The access token is bound to its sender in a way that is not accepted.",
  ),
  "token-binding-missing": invalidToken(
    "Token binding missing",
    "The access token must be bound to its sender, and it is not.",
  ),
  "token-binding-mismatch": invalidToken(
    "Token binding mismatch",
    "The access token is not bound to the key or certificate that was presented with it.",
  ),
  "dpop-proof-invalid": {
    ...invalidToken("Proof invalid", "The DPoP proof is missing, invalid or used before."),
    challenge: "invalid_dpop_proof",
  },
  "dpop-nonce-required": {
    ...invalidToken("Nonce required", "The DPoP proof needs the nonce of this answer."),
    challenge: "use_dpop_nonce",
  },
  "replay-check-unavailable": {
    stage: "authenticate",
    status: 503,
    title: "Replay check unavailable",
    detail: "The DPoP proof could not be checked. Try again later.",
  },
  "token-revoked": invalidToken("Token revoked", "The access token is revoked."),
  "keys-unavailable": {
    stage: "authenticate",
    status: 503,
    title: "Keys unavailable",
    detail: "The issuer's keys are unavailable. Try again later.",
  },
  "revocations-unavailable": {
    stage: "authenticate",
    status: 503,
    title: "Revocations unavailable",
    detail: "The list of revoked access tokens is unavailable. Try again later.",
  },
  "scope-insufficient": {
    stage: "authorize",
    status: 403,
    title: "Insufficient scope",
    detail: "The access token does not grant the scopes that this route requires.",
    challenge: "insufficient_scope",
  },
  "condition-not-met": {
    stage: "authorize",
    status: 403,
    title: "Condition not met",
    detail: "The access token does not meet the conditions of this route.",
    challenge: "insufficient_scope",
  },
  "authentication-insufficient": {
    stage: "authorize",
    status: 401,
    title: "Authentication insufficient",
    detail: "This route requires the user to authenticate more strongly or more recently.",
    challenge: "insufficient_user_authentication",
  },
  "upstream-unreachable": {
    stage: "forward",
    status: 502,
    title: "Upstream unreachable",
    detail: "The upstream service could not be reached.",
  },
  "upstream-timeout": {
    stage: "forward",
    status: 504,
    title: "Upstream timeout",
    detail: "The upstream service did not answer in time.",
  },
  "policy-invalid": {
    stage: undefined,
    status: 500,
    title: "Policy invalid",
    detail: "The gateway's policy is invalid, so nothing is served.",
  },
  "internal-error": {
    stage: undefined,
    status: 500,
    title: "Internal error",
    detail: "The gateway failed to handle the request.",
  },
};

/** What follows from the reason of a denial. */
export function entryOf({ reason, entry }: Pick<Denial, "reason" | "entry">): ReasonEntry {
  return entry ?? REASONS[reason] ?? REASONS["internal-error"];
}

function invalidToken(title: string, detail: string): ReasonEntry {
  return { stage: "authenticate", status: 401, title, detail, challenge: "invalid_token" };
}
