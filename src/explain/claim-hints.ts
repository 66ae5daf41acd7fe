import { isNestedDeeper } from "../json/is-nested-deeper.ts";
import { MAX_JSON_NESTING } from "../limits.ts";
import { claimText } from "../policy/claim-path.ts";
import { tenantIn } from "../policy/issuers/tenants.ts";
import type { Issuer, Policy, StepUp } from "../policy/policy.ts";
import type { Admission } from "../token/admit.ts";
import { claimAt } from "../token/claim-at.ts";
import { claimValues } from "../token/granted-scopes.ts";
import type { Claims } from "../token/jws.ts";
import { audienceOf, isFiniteNumber } from "../token/standard-claims.ts";
import { ASSUMED_NOW_MS } from "./assumed-token.ts";

/** A longer value would hide the rest of the explanation. */
const MAX_SHOWN_LENGTH = 256;

const MAX_SHOWN_TENANTS = 20;

const TIMES = ["exp", "nbf", "iat"] as const;

/**
 * The times of a token that was refused for one of them, beside the time that they were compared with. They are values
 * of the caller's own token, and they may be false.
 *
 * @param nowMs epoch milliseconds
 */
export function timeHints(unverifiedClaims: Claims, issuer: Issuer, nowMs: number): readonly string[] {
  const found = TIMES.filter((name) => unverifiedClaims[name] !== undefined);
  const times = found.map((name) => `\`${name}\` ${timeText(unverifiedClaims[name])}`);
  return [
    `The token has ${times.join(", ")}. The time here is ${timeText(Math.floor(nowMs / 1000))}, and the issuer ` +
      `\`${issuer.name}\` tolerates a difference of ${issuer.clockToleranceSeconds} s.`,
  ];
}

/** The audience of a token that was refused for it, beside those that the issuer's tokens may have. */
export function audienceHints(unverifiedClaims: Claims, issuer: Issuer): readonly string[] {
  const values = issuer.audienceClaims.map((path) => claimAt(unverifiedClaims, path));
  const compared = values.findIndex((value) => value !== undefined);
  const names = issuer.audienceClaims.map((path) => `\`${claimText(path)}\``);
  const absent = (compared < 0 ? names : names.slice(0, compared)).join(" and no ");
  const found = [
    ...(absent === "" ? [] : [`no ${absent}`]),
    ...(compared < 0 ? [] : [`the ${names[compared]} ${shownValue(values[compared])}`]),
  ].join(", and ");
  const accepted = [...(issuer.audiences ?? [])].map((audience) => `\`${audience}\``).join(", ");
  return [`The token has ${found}. The \`audiences\` of the issuer \`${issuer.name}\` are ${accepted}.`];
}

/**
 * The tenant that a token names twice, in `iss` and in the issuer's tenant claim, beside those that the issuer accepts.
 */
export function tenantClaimHints(unverifiedClaims: Claims, issuer: Issuer, iss: string): readonly string[] {
  const { name, tenants } = issuer;
  const tenant = tenantIn(issuer, iss);
  if (tenants === undefined || tenant === undefined) return [];
  const accepted = tenants.accepted === "any" ? "any tenant, in lower case" : someOf([...tenants.accepted]);
  const claim = claimAt(unverifiedClaims, tenants.claim);
  return [
    `The \`iss\` names the tenant \`${tenant}\`. The issuer \`${name}\` accepts ${accepted}.`,
    ...(claim === tenant
      ? []
      : [
          `The token's \`${claimText(tenants.claim)}\` is ${shownValue(claim ?? null)}. It must be \`${tenant}\`, too.`,
        ]),
  ];
}

/**
 * The class and the time of a user's authentication that was not enough, as the token says them. It must be accepted.
 *
 * @param nowMs epoch milliseconds
 * @param isAssumed whether the claims are assumed, so that the user can assume others
 */
export function authenticationHints(
  { claims, issuer }: { readonly claims: Claims; readonly issuer: Issuer },
  { acr, maxAgeSeconds }: StepUp,
  nowMs: number,
  isAssumed: boolean,
): readonly string[] {
  const hints: string[] = [];
  const claim = issuer.acrClaim ?? ["acr"];
  const found = claimAt(claims, claim);
  if (acr !== undefined) {
    const has = found === undefined ? `no \`${claimText(claim)}\`` : `the \`${claimText(claim)}\` ${shownValue(found)}`;
    hints.push(`The token has ${has}. The classes of the route are ${acr.map((value) => `\`${value}\``).join(", ")}.`);
  }
  const time = claims["auth_time"];
  if (maxAgeSeconds !== undefined) {
    // A time that is assumed says nothing to a reader.
    const isTimeAssumed = nowMs === ASSUMED_NOW_MS;
    const has =
      isTimeAssumed && isFiniteNumber(time)
        ? `The user authenticated ${-time} s before the request`
        : `The token has ${time === undefined ? "no `auth_time`" : `the \`auth_time\` ${timeText(time)}`}`;
    hints.push(
      `${has}${isTimeAssumed ? "" : `. The time here is ${timeText(Math.floor(nowMs / 1000))}`}, and the route takes an ` +
        `authentication of at most ${maxAgeSeconds} s, with a tolerance of ${issuer.clockToleranceSeconds} s.`,
    );
  }
  if (!isAssumed) return hints;
  const example = [
    ...(acr?.[0] === undefined ? [] : [`${claimText(claim)}=${acr[0]}`]),
    ...(maxAgeSeconds === undefined ? [] : [`auth_time=-${Math.min(60, maxAgeSeconds)}`]),
  ].map((text) => `--claim ${text}`);
  return [
    ...hints,
    `Assume another authentication with ${example.join(" ")}. A negative \`auth_time\` counts from now.`,
  ];
}

function someOf(tenants: readonly string[]): string {
  const left = tenants.length - MAX_SHOWN_TENANTS;
  const shown = tenants.slice(0, MAX_SHOWN_TENANTS).map((tenant) => `\`${tenant}\``);
  return shown.join(", ") + (left > 0 ? ` and ${left} more` : "");
}

/** Those of the audience and the times that have the wrong type in a token. */
export function typeHints(unverifiedClaims: Claims): readonly string[] {
  const wrong = [
    ...(unverifiedClaims["aud"] === undefined || audienceOf(unverifiedClaims) ? [] : ["aud"]),
    ...TIMES.filter((name) => unverifiedClaims[name] !== undefined && !isFiniteNumber(unverifiedClaims[name])),
  ];
  return wrong.map((name) => {
    const wanted = name === "aud" ? "a string, or a list of strings" : "a number of seconds";
    return `The token's \`${name}\` is ${shownValue(unverifiedClaims[name])}. It must be ${wanted}.`;
  });
}

/** Seconds since the epoch, with the date if there is one. */
function timeText(value: unknown): string {
  const date = isFiniteNumber(value) ? new Date(value * 1000) : undefined;
  const isDate = date !== undefined && !Number.isNaN(date.getTime());
  return isDate ? `${value} (${date.toISOString()})` : shownValue(value);
}

/** A claim as JSON. Anyone can write an unverified claim, and nest it more deeply than JSON can be written. */
export function shownValue(value: unknown): string {
  if (isNestedDeeper(value, MAX_JSON_NESTING)) return "nested too deeply to be shown";
  const text = JSON.stringify(value);
  return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}... (cut off)` : text;
}

/** The only scope in tokens of users who sign in through Cognito's API instead of its OAuth endpoints. */
const COGNITO_API_SCOPE = "aws.cognito.signin.user.admin";

/** Says why a token grants fewer scopes than its holder may think: none at all, or by names that do not count. */
export function scopeHints({ issuer, claims, granted }: Admission, policy: Pick<Policy, "scopes">): readonly string[] {
  const held = issuer.scopeClaim.map((path) => claimAt(claims, path)).filter((claim) => claim !== undefined);
  if (held.length === 0) return [missingClaimHint(issuer)];
  const values = held.flatMap((claim) => claimValues(claim).flatMap((it) => it.split(" ")));
  if (values.includes(COGNITO_API_SCOPE) && granted.names.length === 0) {
    return [
      `The token carries only \`${COGNITO_API_SCOPE}\`: it comes from a sign-in by Cognito's API (InitiateAuth), ` +
        "which never grants custom scopes. Request the scopes at the pool's OAuth endpoints (/oauth2/authorize, " +
        "/oauth2/token), or add them in a pre token generation trigger.",
    ];
  }
  const short = values.filter((it) => !policy.scopes.byFullName.has(it) && policy.scopes.byShortName.has(it));
  if (issuer.scopeNames === "full" && short.length > 0) {
    return [
      `The token has short names (${short.join(" ")}), but this issuer's tokens must have full names. ` +
        'If the issuer writes short names on purpose, set its "scopeNames" to "short".',
    ];
  }
  return [];
}

function missingClaimHint({ scopeClaim, grants }: Issuer): string {
  const paths = [...scopeClaim, ...grants.map(({ claim }) => claim)];
  const [first = "", ...others] = paths.map((path) => `\`${claimText(path)}\``);
  if (others.length === 0) return `The token has no claim ${first}, which holds the scopes of this issuer's tokens.`;
  return `The scopes of this issuer's tokens come from the claims ${[first, ...others].join(", ")}.`;
}
