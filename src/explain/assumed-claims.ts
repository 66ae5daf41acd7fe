import { claimText } from "../policy/claim-path.ts";
import type { Policy } from "../policy/policy.ts";
import { nameHint } from "../policy/suggestion.ts";
import { withClaim } from "../policy/with-claim.ts";
import type { Claims } from "../token/jws.ts";
import type { AssumedValue } from "./assumed-values.ts";

/**
 * Claims with these values, as far as conditions of the policy look at them. Any other claim could change more than which
 * conditions are met, such as who the client is. Several values of one claim become a list.
 */
export function withAssumedClaims(claims: Claims, values: readonly AssumedValue[], policy: Policy): Claims {
  const known = claimsOfConditions(policy);
  const tested = values.filter(({ claim }) => known.has(claimText(claim)));
  let all = claims;
  for (const [first, ...others] of Map.groupBy(tested, ({ claim }) => claimText(claim)).values()) {
    if (first === undefined) continue;
    const list = [first, ...others].map(({ value }) => value);
    all = withClaim(all, first.claim, others.length === 0 ? first.value : list);
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

function claimsOfConditions({ routes }: Policy): ReadonlySet<string> {
  const requirements = new Set(routes.map(({ requirement }) => requirement));
  const claims = [...requirements].flatMap((requirement) =>
    requirement.kind === "scopes" ? (requirement.conditions ?? []) : [],
  );
  return new Set(claims.map((condition) => claimText(condition.kind === "claim" ? condition.claim : condition.equals)));
}
