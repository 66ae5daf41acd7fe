import { requirementOutcome } from "../../policy/analysis/requirement-outcome.ts";
import { smallestScopeSets } from "../../policy/analysis/smallest-scope-sets.ts";
import type { Policy, Route } from "../../policy/policy.ts";
import { withImplied } from "../../policy/scopes.ts";
import type { ExplainedRequirement, SufficientSet } from "./explanation.ts";

/**
 * Explains what a route requires of a caller.
 *
 * @param granted full names of the scopes that the caller's token grants, without the scopes that they imply
 * @param isRefused whether to look for the sets of scopes that would be enough
 */
export function explainRequirement(
  { requirement }: Route,
  policy: Policy,
  granted: readonly string[],
  isRefused: boolean,
): ExplainedRequirement {
  const { kind } = requirement;
  if (kind !== "scopes") return { kind, outcome: undefined, sufficient: [], isSufficientComplete: true };
  const { sets, complete } = isRefused
    ? smallestScopeSets(requirement.expression, policy.scopes)
    : { sets: [], complete: true };
  return {
    kind,
    outcome: requirementOutcome(requirement.expression, granted, policy.scopes),
    sufficient: sets.map((set) => sufficientSet(set, policy, granted)),
    isSufficientComplete: complete,
  };
}

function sufficientSet(set: ReadonlySet<string>, policy: Policy, granted: readonly string[]): SufficientSet {
  const effective = withImplied(policy.scopes, granted);
  const clients = Array.from(policy.clients.values()).filter(({ scopes }) => {
    const grantable = withImplied(policy.scopes, scopes);
    return Array.from(set).every((name) => grantable.has(name));
  });
  return {
    scopes: [...set],
    missing: Array.from(set).filter((name) => !effective.has(name)),
    clients: clients.map(({ name }) => name),
  };
}
