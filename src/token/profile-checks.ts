import { Denial } from "../answer/denial.ts";
import type { Issuer } from "../policy/policy.ts";
import { PROFILES, type ProfileName, type RequiredClaim } from "../policy/profiles.ts";
import type { Claims, JoseHeader } from "./jws.ts";
import { audienceOf, isFilledString, isFiniteNumber } from "./standard-claims.ts";

/** The checks of a profile that need code. `policy/profiles.ts` has those that lists can express. */
interface ProfileChecks {
  /**
   * Whether an access token may have this `typ`, in lower case and without `application/`; `undefined`: it has none.
   */
  readonly acceptsType: (type: string | undefined) => boolean;
  /** Checks whom the token is meant for. The claims that the profile requires are there. */
  readonly checkAudience: (claims: Claims, issuer: Issuer) => Denial | undefined;
}

/**
 * The checks of each profile, in addition to those for all profiles. To add a check for one profile, add it here or to
 * `policy/profiles.ts`; to add one for all profiles, use `claims.ts`.
 */
const CHECKS: Readonly<Record<ProfileName, ProfileChecks>> = {
  cognito: {
    acceptsType: () => true,
    checkAudience: checkAudienceOrClient,
  },
  // RFC 9068 2.1 and 4.
  rfc9068: {
    acceptsType: (type) => type === "at+jwt",
    checkAudience,
  },
  generic: {
    acceptsType: (type) => type === undefined || type === "jwt" || type === "at+jwt",
    checkAudience,
  },
};

/** What counts as having a claim. */
const IS_PRESENT: Readonly<Record<RequiredClaim, (claims: Claims) => boolean>> = {
  sub: ({ sub }) => isFilledString(sub),
  client_id: ({ client_id }) => isFilledString(client_id),
  jti: ({ jti }) => isFilledString(jti),
  iat: ({ iat }) => isFiniteNumber(iat),
  aud: (claims) => audienceOf(claims) !== undefined,
};

/**
 * Checks that the header's `typ` is that of an access token of this profile (RFC 8725 3.11). Compares without case, and
 * `application/` may be left out (RFC 7515 4.1.9).
 *
 * @returns `token-type-mismatch`, or `undefined`
 */
export function checkTokenType({ typ }: JoseHeader, profile: ProfileName): Denial | undefined {
  const type = typ?.toLowerCase().replace(/^application\//, "");
  if (CHECKS[profile].acceptsType(type)) return undefined;
  return new Denial("token-type-mismatch", "The header's `typ` is not that of an access token.");
}

/**
 * Checks the claims that the issuer's profile fixes and requires, and then the audience. Does not check times.
 *
 * @returns `token-type-mismatch`, `claim-missing`, `audience-mismatch` or `client-mismatch`; `undefined` if all is well
 */
export function checkProfileClaims(claims: Claims, issuer: Issuer): Denial | undefined {
  const { fixedClaims, requiredClaims } = PROFILES[issuer.profile];
  for (const [name, value] of Object.entries(fixedClaims)) {
    if (claims[name] !== value) return new Denial("token-type-mismatch", `The claim \`${name}\` is not \`${value}\`.`);
  }
  for (const name of requiredClaims) {
    if (!IS_PRESENT[name](claims)) {
      return new Denial("claim-missing", `The claim \`${name}\` is missing or has the wrong type.`);
    }
  }
  return CHECKS[issuer.profile].checkAudience(claims, issuer);
}

function checkAudience(claims: Claims, { audiences }: Issuer): Denial | undefined {
  if (audienceOf(claims)?.some((audience) => audiences?.has(audience))) return undefined;
  return new Denial("audience-mismatch", "The claim `aud` names none of the issuer's `audiences`.");
}

/** Cognito writes no `aud` unless the client asked for one: then `audiences`, if there are any, list clients. */
function checkAudienceOrClient(claims: Claims, issuer: Issuer): Denial | undefined {
  const { audiences } = issuer;
  const { aud, client_id: clientId } = claims;
  if (audiences === undefined) return undefined;
  if (aud !== undefined) return checkAudience(claims, issuer);
  if (isFilledString(clientId) && audiences.has(clientId)) return undefined;
  return new Denial("client-mismatch", "The token has no `aud`, and its `client_id` is not in `audiences`.");
}
