import { Denial } from "../answer/denial.ts";
import { claimText } from "../policy/claim-path.ts";
import type { Issuer } from "../policy/policy.ts";
import { CLIENT_CLAIMS, PROFILES, type ProfileName, type RequiredClaim } from "../policy/profiles.ts";
import { claimAt } from "./claim-at.ts";
import type { Claims, JoseHeader } from "./jws.ts";
import { audienceIn, isFilledString, isFiniteNumber } from "./standard-claims.ts";

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
    checkAudience: checkAudienceIfSet,
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
const IS_PRESENT: Readonly<Record<RequiredClaim, (claims: Claims, issuer: Issuer) => boolean>> = {
  sub: ({ sub }) => isFilledString(sub),
  client_id: ({ client_id }) => isFilledString(client_id),
  jti: ({ jti }) => isFilledString(jti),
  iat: ({ iat }) => isFiniteNumber(iat),
  aud: (claims, issuer) => audienceIn(audienceClaimOf(claims, issuer)?.value) !== undefined,
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
    if (IS_PRESENT[name](claims, issuer)) continue;
    return name === "aud" ? audienceMissing(claims, issuer) : missing(name);
  }
  return CHECKS[issuer.profile].checkAudience(claims, issuer);
}

/** Where `audiences` are not set, only Cognito's tokens pass: its scopes name the resource server. */
function checkAudienceIfSet(claims: Claims, issuer: Issuer): Denial | undefined {
  return issuer.audiences === undefined ? undefined : checkAudience(claims, issuer);
}

/** Compares the first of `audienceClaims` that the token has. No claim after it makes up for a wrong one. */
function checkAudience(claims: Claims, issuer: Issuer): Denial | undefined {
  const { audiences, audienceClaims } = issuer;
  const found = audienceClaimOf(claims, issuer);
  if (found === undefined) return audienceMissing(claims, issuer);
  if (audienceIn(found.value)?.some((audience) => audiences?.has(audience))) return undefined;
  const { path } = found;
  const isClient = path.length === 1 && CLIENT_CLAIMS.some((name) => name === path[0]);
  const reason = isClient ? "client-mismatch" : "audience-mismatch";
  const before = audienceClaims.slice(0, audienceClaims.indexOf(path));
  if (before.length === 0) {
    return new Denial(reason, `The claim \`${claimText(path)}\` names none of the issuer's \`audiences\`.`);
  }
  const absent = before.map((it) => `\`${claimText(it)}\``).join(" and no ");
  return new Denial(reason, `The token has no ${absent}, and its \`${claimText(path)}\` is not in \`audiences\`.`);
}

/** The first of the issuer's `audienceClaims` that a token has. An empty list or `null` is there, too. */
function audienceClaimOf(claims: Claims, { audienceClaims }: Issuer) {
  for (const path of audienceClaims) {
    const value = claimAt(claims, path);
    if (value !== undefined) return { path, value };
  }
  return undefined;
}

function audienceMissing(claims: Claims, issuer: Issuer): Denial {
  const found = audienceClaimOf(claims, issuer);
  const [first = [], ...others] = issuer.audienceClaims;
  if (found !== undefined || others.length === 0) return missing(claimText(found?.path ?? first));
  const names = issuer.audienceClaims.map((path) => `\`${claimText(path)}\``).join(", ");
  return new Denial("claim-missing", `None of the claims ${names} is there.`);
}

function missing(claim: string): Denial {
  return new Denial("claim-missing", `The claim \`${claim}\` is missing or has the wrong type.`);
}
