import { type ClientAccess, clientAccess } from "../policy/analysis/client-access.ts";
import { conditionOutcome, requirementOutcome } from "../policy/analysis/formulas/requirement-outcome.ts";
import { smallestScopeSets } from "../policy/analysis/formulas/smallest-scope-sets.ts";
import { leaf, withAtoms } from "../policy/analysis/formulas/with-atoms.ts";
import { unrestrictedIssuers } from "../policy/analysis/issuers-in-use.ts";
import type { Held } from "../policy/authorize.ts";
import type { Condition, Policy, Route } from "../policy/policy.ts";
import { atomsOf } from "../policy/requirements/conditions.ts";
import { withImplied } from "../policy/scopes.ts";
import type { ExplainedRequirement, SufficientSet } from "./explanation.ts";

/**
 * Explains what a route requires of a caller.
 *
 * @param granted full names of the scopes that the caller's token grants, without the scopes that they imply
 * @param isRefused whether to look for the sets of scopes that would be enough
 * @param held what the caller holds for this request, as `authorize` takes it; default: it meets no condition
 */
export function explainRequirement(
  { requirement }: Route,
  policy: Policy,
  granted: readonly string[],
  isRefused: boolean,
  held: Held = withImplied(policy.scopes, granted),
): ExplainedRequirement {
  const { kind } = requirement;
  if (kind !== "scopes") return { kind, outcome: undefined, sufficient: [], isSufficientComplete: true };
  const clients = isRefused ? clientAccess(policy) : [];
  const conditions = new Map((requirement.conditions ?? []).map((it) => [atomsOf(it).join("\n"), it]));
  const { sets, complete } = isRefused
    ? smallestScopeSets(
        withAtoms(requirement.expression, (condition) => leaf(atomsOf(condition).join("\n"))),
        policy.scopes,
      )
    : { sets: [], complete: true };
  return {
    kind,
    outcome: requirementOutcome(requirement.expression, granted, policy.scopes, held),
    sufficient: sets.map((set) => sufficientSet(set, conditions, held, clients)),
    isSufficientComplete: complete,
    ...(isRefused && { unrestrictedIssuers: unrestrictedIssuers(policy).map(({ name }) => name) }),
  };
}

/** @param conditions by what stands for them in the set */
function sufficientSet(
  set: ReadonlySet<string>,
  conditions: ReadonlyMap<string, Condition>,
  held: Held,
  all: readonly ClientAccess[],
): SufficientSet {
  const scopes = [...set].filter((name) => !conditions.has(name));
  const needed = [...set].flatMap((name) => conditions.get(name) ?? []);
  const clients = all.filter(({ holder }) => holder && scopes.every((name) => holder.effective.has(name)));
  return {
    scopes,
    ...(needed.length > 0 && { conditions: needed.map((condition) => conditionOutcome(condition, held)) }),
    missing: scopes.filter((name) => !held.has(name)),
    clients: clients.map(({ client }) => client.name),
  };
}
