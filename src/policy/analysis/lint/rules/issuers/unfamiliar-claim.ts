import { claimText } from "../../../../claim-path.ts";
import type { ClaimPath } from "../../../../policy.ts";
import { requirementsOfRoute } from "../../../../routing/requirements-of-route.ts";
import { closest } from "../../../../suggestion.ts";
import { issuersInUse } from "../../../issuers-in-use.ts";
import { isNamespaced, KNOWN_CLAIMS } from "../../shared/known-claims.ts";
import type { Rule, RuleFinding } from "../rule.ts";

/**
 * Conditions and rate limits that look at claims that no access token of the accepted issuers' profiles is known to
 * have. Nobody may ever meet such a condition, and such a limit counts by the client. Looks at the first step of the
 * claim only, and reports each claim once. A claim whose name is a URL was added on purpose.
 */
export const unfamiliarClaim: Rule = (policy) => {
  const issuers = issuersInUse(policy);
  const findings: RuleFinding[] = [];
  const seen = new Set<string>();
  const look = (claim: ClaimPath, { issuers: names }: Accepting, use: Use): void => {
    const [name = ""] = claim;
    if (isNamespaced(name) || seen.has(name)) return;
    const accepted = issuers.filter((issuer) => names?.includes(issuer.name) ?? true);
    const known = new Set(accepted.flatMap(({ profile }) => [...KNOWN_CLAIMS[profile]]));
    if (known.has(name)) return;
    seen.add(name);
    findings.push(findingOf(claim, use, closest(name, known)));
  };
  for (const route of policy.routes) {
    const { index, rateLimits = [], mcp } = route;
    for (const requirement of requirementsOfRoute(route)) {
      // Most requirements have no conditions, and there may be a hundred thousand of them.
      if (requirement.kind !== "scopes" || requirement.conditions === undefined) continue;
      const use = { route: index, path: ["routes", index, mcp ? "mcp" : "scopes"], consequence: "" };
      for (const condition of requirement.conditions) {
        look(condition.kind === "claim" ? condition.claim : condition.equals, requirement, use);
      }
    }
    const accepting: Accepting = route.requirement.kind === "public" ? {} : route.requirement;
    for (const { name, by } of rateLimits) {
      if (by.kind === "claim") look(by.claim, accepting, { ...COUNTING, path: ["rateLimits", name, "by"] });
    }
  }
  return findings;
};

/** Whose tokens are accepted: names of issuers. Left out: every issuer's. */
interface Accepting {
  readonly issuers?: readonly string[];
}

/** Where the file uses a claim, and what follows if no token has it. */
interface Use extends Pick<RuleFinding, "route" | "path"> {
  readonly consequence: string;
}

const COUNTING = { route: undefined, consequence: " Requests without it are counted by their client." };

function findingOf(claim: ClaimPath, { route, path, consequence }: Use, meant: string | undefined): RuleFinding {
  const hint =
    meant === undefined
      ? "Look at a real access token: many claims are in ID tokens only. If the issuer is configured to add this claim, there is nothing to do."
      : `Did you mean \`${meant}\`?`;
  const message = `No access token of the accepted issuers is known to have the claim \`${claimText(claim)}\`.`;
  return { route, path, message: `${message}${consequence}`, hint };
}
