import { type ClientAccess, clientAccess } from "../policy/analysis/client-access.ts";
import { requirementOutcome } from "../policy/analysis/formulas/requirement-outcome.ts";
import { smallestScopeSets } from "../policy/analysis/formulas/smallest-scope-sets.ts";
import { unrestrictedIssuers } from "../policy/analysis/issuers-in-use.ts";
import type { Policy, Route } from "../policy/policy.ts";
import { withImplied } from "../policy/scopes.ts";
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
  const clients = isRefused ? clientAccess(policy) : [];
  const { sets, complete } = isRefused
    ? smallestScopeSets(requirement.expression, policy.scopes)
    : { sets: [], complete: true };
  const held = withImplied(policy.scopes, granted);
  return {
    kind,
    outcome: requirementOutcome(requirement.expression, granted, policy.scopes),
    sufficient: sets.map((set) => sufficientSet(set, held, clients)),
    isSufficientComplete: complete,
    ...(isRefused && { unrestrictedIssuers: unrestrictedIssuers(policy).map(({ name }) => name) }),
  };
}

function sufficientSet(
  set: ReadonlySet<string>,
  held: ReadonlySet<string>,
  all: readonly ClientAccess[],
): SufficientSet {
  const clients = all.filter(({ holder }) => holder && Array.from(set).every((name) => holder.effective.has(name)));
  return {
    scopes: [...set],
    missing: Array.from(set).filter((name) => !held.has(name)),
    clients: clients.map(({ client }) => client.name),
  };
}
