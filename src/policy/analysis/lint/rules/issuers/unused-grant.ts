import { requirementsIn } from "../../../../routing/requirements-in.ts";
import { mappedValues, mappedValueText } from "../../../mapped-values.ts";
import type { Rule } from "../rule.ts";

/**
 * Values of claims that grant only scopes which no route requires, neither by name nor by a scope that they imply.
 * Those of one claim are reported together.
 */
export const unusedGrant: Rule = (policy) => {
  const required = new Set<string>();
  for (const requirement of requirementsIn(policy.routes)) {
    if (requirement.kind === "scopes") for (const name of requirement.mentioned) required.add(name);
  }
  const isNeeded = (name: string): boolean =>
    required.has(name) || (policy.scopes.byFullName.get(name)?.implies.some((it) => required.has(it)) ?? false);
  return mappedValues(policy)
    .filter(({ scopes }) => !scopes.some(isNeeded))
    .map((mapped) => ({
      route: undefined,
      path: ["issuers", mapped.issuer, "grants", mapped.claim, mapped.value],
      message: `No route requires a scope that \`${mappedValueText(mapped)}\` grants.`,
      hint: "Grant scopes that a route requires, or remove this value. Keep it if an upstream checks the scopes.",
      group: { cause: `${mapped.issuer} ${mapped.claim}`, name: `\`${mapped.value}\`` },
    }));
};
