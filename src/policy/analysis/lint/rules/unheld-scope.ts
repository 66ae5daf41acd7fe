import { withImplied } from "../../../scopes.ts";
import type { Rule, RuleFinding } from "./rule.ts";
import { unmeetableRequirement } from "./unmeetable-requirement.ts";

/**
 * Scopes that a route mentions and no client may be granted, not even by implication. The rule reports each scope once,
 * at the first route that mentions it. It leaves out a route whose requirement no client meets at all, because
 * `unmeetableRequirement` reports that. If the file lists no client, it does not say who has which scopes, so the rule
 * reports nothing.
 */
export const unheldScope: Rule = (policy) => {
  if (policy.clients.size === 0) return [];
  const granted = Array.from(policy.clients.values()).flatMap(({ scopes }) => [...scopes]);
  const known = new Set(withImplied(policy.scopes, granted));
  const unmeetable = new Set(unmeetableRequirement(policy).map(({ route }) => route));
  const findings: RuleFinding[] = [];
  for (const { requirement, index } of policy.routes) {
    if (requirement.kind !== "scopes") continue;
    for (const name of requirement.mentioned) {
      if (known.has(name)) continue;
      known.add(name);
      if (unmeetable.has(index)) continue;
      findings.push({
        route: index,
        path: ["routes", index, "scopes"],
        message: `No client may be granted \`${name}\`.`,
        hint: "Add it to a client in `clients`, or require another.",
      });
    }
  }
  return findings;
};
