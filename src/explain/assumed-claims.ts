import { claimText } from "../policy/claim-path.ts";
import type { Policy } from "../policy/policy.ts";
import { requirementsOfRoute } from "../policy/routing/requirements-of-route.ts";
import { nameHint } from "../policy/suggestion.ts";
import { withClaim } from "../policy/with-claim.ts";
import type { Claims } from "../token/jws.ts";
import type { AssumedValue } from "./assumed-values.ts";

/**
 * Claims with these values, as far as conditions of the policy look at them. Any other claim could change more than
 * which conditions are met, such as who the client is. Several values of one claim become a list. `auth_time` is a
 * number.
 */
export function withAssumedClaims(claims: Claims, values: readonly AssumedValue[], policy: Policy): Claims {
  const known = claimsOfConditions(policy);
  const tested = values.filter(({ claim }) => known.has(claimText(claim)));
  let all = claims;
  for (const [first, ...others] of Map.groupBy(tested, ({ claim }) => claimText(claim)).values()) {
    if (first === undefined) continue;
    const list = [first, ...others].map(({ claim, value }) => (claimText(claim) === AUTH_TIME ? timeOf(value) : value));
    all = withClaim(all, first.claim, others.length === 0 ? list[0] : list);
  }
  return all;
}

/** Says which of the values no condition looks at, and what may be meant. */
export function assumedClaimRemarks(values: readonly AssumedValue[], policy: Policy): readonly string[] {
  const known = claimsOfConditions(policy);
  return values.flatMap(({ claim }) =>
    known.has(claimText(claim))
      ? []
      : [`\`${claimText(claim)}\` is left out: no condition looks at it. ${nameHint(claimText(claim), [...known])}`],
  );
}

const AUTH_TIME = "auth_time";

/** A time is a number (OpenID Connect Core 2). Any other text stays one, and is no time for the gateway either. */
function timeOf(text: string): string | number {
  const seconds = Number(text);
  return Number.isFinite(seconds) ? seconds : text;
}

/** Whether one of the values is an `auth_time` that counts from now: a negative one. */
export function countsFromNow(values: readonly AssumedValue[]): boolean {
  return values.some(({ claim, value }) => claimText(claim) === AUTH_TIME && Number(value) < 0);
}

/** The claims that conditions look at, and those that say how and when the user authenticated, if a route asks. */
function claimsOfConditions({ routes, issuers, asksForAuthentication }: Policy): ReadonlySet<string> {
  const requirements = new Set(routes.flatMap(requirementsOfRoute));
  const claims = [...requirements].flatMap((requirement) =>
    requirement.kind === "scopes" ? (requirement.conditions ?? []) : [],
  );
  const classes = asksForAuthentication ? Array.from(issuers.values(), ({ acrClaim = ["acr"] }) => acrClaim) : [];
  return new Set([
    ...claims.map((condition) => claimText(condition.kind === "claim" ? condition.claim : condition.equals)),
    ...classes.map(claimText),
    ...(asksForAuthentication ? [AUTH_TIME] : []),
  ]);
}
