import { claimText } from "../../../../claim-path.ts";
import type { ClaimPath } from "../../../../policy.ts";
import { closest } from "../../../../suggestion.ts";
import { issuersInUse } from "../../../issuers-in-use.ts";
import { isNamespaced, KNOWN_CLAIMS } from "../../shared/known-claims.ts";
import type { Rule, RuleFinding } from "../rule.ts";

/**
 * Conditions on claims that no access token of the accepted issuers' profiles is known to have, so that nobody may ever
 * meet them. Looks at the first step of the claim only, and reports each claim once. A claim whose name is a URL was added
 * on purpose.
 */
export const unfamiliarClaim: Rule = (policy) => {
  const issuers = issuersInUse(policy);
  const findings: RuleFinding[] = [];
  const seen = new Set<string>();
  for (const { requirement, index } of policy.routes) {
    // Most requirements have no conditions, and there may be a hundred thousand of them.
    if (requirement.kind !== "scopes" || requirement.conditions === undefined) continue;
    const accepted = issuers.filter(({ name }) => requirement.issuers?.includes(name) ?? true);
    const known = new Set(accepted.flatMap(({ profile }) => [...KNOWN_CLAIMS[profile]]));
    for (const condition of requirement.conditions) {
      const claim = condition.kind === "claim" ? condition.claim : condition.equals;
      const [name = ""] = claim;
      if (known.has(name) || isNamespaced(name) || seen.has(name)) continue;
      seen.add(name);
      findings.push(findingAt(index, claim, closest(name, known)));
    }
  }
  return findings;
};

function findingAt(index: number, claim: ClaimPath, meant: string | undefined): RuleFinding {
  const hint =
    meant === undefined
      ? "Look at a real access token: many claims are in ID tokens only. If the issuer was told to write it, all is well."
      : `Did you mean \`${meant}\`?`;
  return {
    route: index,
    path: ["routes", index, "scopes"],
    message: `No access token of the accepted issuers is known to have the claim \`${claimText(claim)}\`.`,
    hint,
  };
}
