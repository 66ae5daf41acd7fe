import { jsonPath } from "../../../../fault.ts";
import type { Issuer } from "../../../../policy.ts";
import { stepUpOf } from "../../../../requirements/step-up.ts";
import { issuersInUse } from "../../../issuers-in-use.ts";
import { requiredBy } from "../../shared/required-by.ts";
import type { Rule } from "../rule.ts";

/**
 * Routes that ask for a class of authentication and accept a user pool of Cognito that is not told where the class is:
 * its access tokens have no `acr`, and no trigger can add it. So none of them ever passes. Routes with one such pool
 * are reported together.
 */
export const unwrittenAcr: Rule = (policy) => {
  const pools = issuersInUse(policy).filter(writesNoAcr);
  if (pools.length === 0) return [];
  const found = new Set<string>();
  return requiredBy(policy).flatMap(({ index, name: where, requirement, placeOf }) => {
    if (stepUpOf(requirement)?.acr === undefined || requirement.kind === "public") return [];
    const { issuers } = requirement;
    const path = [...placeOf("authentication"), "acr"];
    // All messages of an MCP route may share one place.
    if (found.has(jsonPath(path))) return [];
    found.add(jsonPath(path));
    return pools
      .filter(({ name }) => issuers?.includes(name) ?? true)
      .map(({ name }) => ({
        route: index,
        path,
        message: `Access tokens of Cognito have no \`acr\`, so none of \`${name}\` is enough here.`,
        hint:
          "Let a pre token generation trigger add a claim of another name with the class, and set `acrClaim` of the " +
          "issuer; or ask for `maxAgeSeconds` only.",
        group: { cause: name, name: where },
      }));
  });
};

function writesNoAcr({ profile, acrClaim }: Issuer): boolean {
  return profile === "cognito" && acrClaim === undefined;
}
