import type { Issuer, Requirement, StepUp } from "../../policy.ts";
import { acrAtom, stepUpOf, withinAtom } from "../../requirements/step-up.ts";
import { FALSE, type Formula } from "./formula.ts";
import { once } from "./once.ts";
import type { Origin } from "./origins.ts";
import { leaf } from "./with-atoms.ts";

/**
 * A formula for the tokens of an issuer whose authentication is enough. Its leaves say exactly which class a token has,
 * and for how long it has been: so a higher class and a shorter time are alternatives.
 */
export function stepUpFormula(
  { acr, maxAgeSeconds }: StepUp,
  ages: readonly number[],
  { acrOrder = [] }: Pick<Issuer, "acrOrder">,
): Formula {
  const atLeast = (value: string): readonly string[] => {
    const at = acrOrder.indexOf(value);
    return at < 0 ? [value] : acrOrder.slice(at);
  };
  const classes = acr === undefined ? [] : [anyOf(new Set(acr.flatMap(atLeast)), acrAtom)];
  const shorter = ages.filter((age) => maxAgeSeconds !== undefined && age <= maxAgeSeconds);
  const times = maxAgeSeconds === undefined ? [] : [anyOf(new Set([maxAgeSeconds, ...shorter]), withinAtom)];
  return { kind: "allOf", of: [...classes, ...times] };
}

function anyOf<Value>(values: ReadonlySet<Value>, atomOf: (value: Value) => string): Formula {
  const of = Array.from(values, (value) => leaf(atomOf(value)));
  return of.length === 0 ? FALSE : { kind: "anyOf", of };
}

/**
 * Returns a function that adds to the tokens that a requirement admits what it asks of the authentication. The same
 * object for the same tokens and a requirement with the same text, and `access` itself for a requirement that asks
 * nothing.
 *
 * @param at the place of the policy among those of the origins
 * @param one gives the same object for the same formulas
 */
export function createWithStepUp(
  origins: readonly Origin[],
  at: number,
  one: (access: readonly Formula[]) => readonly Formula[],
): (access: readonly Formula[], requirement: Requirement) => readonly Formula[] {
  const formulas = new Map<string, Map<Formula, Formula>>();
  const known = new Map<Requirement, Map<readonly Formula[], readonly Formula[]>>();
  const stepped = (formula: Formula, stepUp: StepUp, { authentication, issuers }: Origin): Formula => {
    if (formula === FALSE) return FALSE;
    const issuer: Pick<Issuer, "acrOrder"> = issuers[at]?.[0] ?? {};
    const text = JSON.stringify([stepUp.acr, stepUp.maxAgeSeconds, issuer.acrOrder]);
    return once(formulas, text, formula, () => ({
      kind: "allOf",
      of: [formula, stepUpFormula(stepUp, authentication?.ages ?? [], issuer)],
    }));
  };
  return (access, requirement) => {
    const stepUp = stepUpOf(requirement);
    if (stepUp === undefined) return access;
    return once(known, requirement, access, () =>
      one(
        access.map((formula, place) => {
          const origin = origins[place];
          return origin === undefined ? FALSE : stepped(formula, stepUp, origin);
        }),
      ),
    );
  };
}
