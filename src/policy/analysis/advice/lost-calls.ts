import { acceptsIssuer } from "../../authorize.ts";
import type { Issuer, Policy, Requirement } from "../../policy.ts";
import { atomsOf, isAtom } from "../../requirements/conditions.ts";
import { effectiveScopes } from "../../scopes.ts";
import { counterexample, FALSE, type Formula, replaceScopes, TRUE, withoutConstants } from "../formulas/formula.ts";
import { leaf, withAtoms } from "../formulas/with-atoms.ts";
import type { Observation } from "./observation.ts";

/**
 * The calls of a client that were let through and would not be if its registration had fewer scopes. Each is decided
 * again with the scopes that its token granted, before and after, for all conditions that it may have met. It holds
 * even where the gateway does not enforce registrations: the issuer may, once it is told of them.
 *
 * Nobody knows what some calls needed. Such a call loses something with each scope of its token that is gone. A
 * call for which the registration before is not enough needs other scopes, and loses nothing.
 *
 * @param before full names of the scopes of the registration
 * @param after those that are left
 * @throws UndecidedError
 */
export function lostCalls(
  policy: Policy,
  { name: issuer }: Issuer,
  observations: readonly Observation[],
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
): readonly Observation[] {
  const withScopes = (
    requirement: Requirement,
    granted: readonly string[],
    registered: ReadonlySet<string>,
  ): Formula => {
    if (!acceptsIssuer(requirement, issuer)) return FALSE;
    const counting = granted.filter((name) => registered.has(name));
    return overConditions(requirement, effectiveScopes(policy.scopes, issuer, counting));
  };
  return observations.filter(
    ({ permitted, requirements, granted }) =>
      permitted.seen > 0 &&
      (requirements.length === 0
        ? granted.some((name) => before.has(name) && !after.has(name))
        : requirements.some((requirement) => {
            const [was, is] = [before, after].map((registered) => withScopes(requirement, granted, registered));
            return counterexample(was ?? FALSE, is ?? FALSE) !== undefined;
          })),
  );
}

/** Under which conditions these scopes meet a requirement: a formula over the atoms of its conditions. */
function overConditions(requirement: Requirement, effective: ReadonlySet<string>): Formula {
  if (requirement.kind !== "scopes") return TRUE;
  const formula = withAtoms(requirement.expression, (condition) => ({
    kind: "anyOf",
    of: atomsOf(condition).map((atom) => leaf(atom)),
  }));
  return withoutConstants(
    replaceScopes(formula, (it) => (isAtom(it.name) ? it : effective.has(it.name) ? TRUE : FALSE)),
  );
}
