import type { Condition, Requirement } from "../../policy.ts";
import { atomsOf, isAtom } from "../../requirements/conditions.ts";
import { FALSE, type Formula, minimalSets, replaceScopes, TRUE, withoutConstants } from "../formulas/formula.ts";
import { leaf, withAtoms } from "../formulas/with-atoms.ts";
import { UndecidedError } from "../undecided-error.ts";
import type { Ways } from "./fewest-scopes.ts";

/** What stands for a scope that a requirement asks for: the scopes of which one is enough. Empty: none may be used. */
export type ScopesFor = (name: string) => readonly string[];

/** What a permitted call needed of its token's scopes. */
export interface Needs {
  readonly all: readonly Ways[];
  /** `false`: the requirement can be met in too many ways to list, so more is asked for than is needed. */
  readonly isExact: boolean;
}

/**
 * What scopes a permitted call needed. Nobody knows which conditions it met, so it needs enough for each possibility:
 * every smallest set of conditions with which its scopes meet the requirement. A call whose scopes alone are enough may
 * have met no condition.
 *
 * Does not look at the issuer, the binding or the authentication: no scope makes up for them.
 *
 * @param effective what the call's token granted, with all that it implies
 * @param scopesFor which scopes may be used for a scope that the requirement asks for
 * @returns `undefined`: these scopes do not meet the requirement, even with all conditions
 */
export function neededScopes(
  requirement: Requirement,
  effective: ReadonlySet<string>,
  scopesFor: ScopesFor,
): Needs | undefined {
  if (requirement.kind !== "scopes") return { all: [], isExact: true };
  const formula = withAtoms(requirement.expression, anyAtom);
  const byConditions = settled(formula, ({ name }) => (isAtom(name) ? leaf(name) : effective.has(name) ? TRUE : FALSE));
  if (byConditions === FALSE) return undefined;
  const possible = smallestSets(byConditions);
  if (possible === undefined) return everything(formula, scopesFor);
  const needs = possible.map((set) => {
    const met = new Set(set);
    return needsOf(
      settled(formula, ({ name }) =>
        isAtom(name) ? (met.has(name) ? TRUE : FALSE) : anyOf(scopesFor(name).map((scope) => leaf(scope))),
      ),
    );
  });
  return { all: needs.flatMap(({ all }) => all), isExact: needs.every(({ isExact }) => isExact) };
}

/** The needs of a formula without conditions: those of all its parts. */
function needsOf(formula: Formula): Needs {
  const needs = conjuncts(formula).map((part) => ({ part, ways: smallestSets(part) }));
  return {
    all: needs.map(({ part, ways }) => ways ?? [scopesIn(part)]),
    isExact: needs.every(({ ways }) => ways !== undefined),
  };
}

/** All scopes that count for a formula: with them it is met under the same conditions as before. */
function everything(formula: Formula, scopesFor: ScopesFor): Needs {
  const scopes = new Set(scopesIn(formula).flatMap((name) => (isAtom(name) ? [] : scopesFor(name))));
  return { all: [[[...scopes]]], isExact: false };
}

function settled(formula: Formula, replace: Parameters<typeof replaceScopes>[1]): Formula {
  return withoutConstants(replaceScopes(formula, replace));
}

function conjuncts(formula: Formula): readonly Formula[] {
  return formula.kind === "allOf" ? formula.of.flatMap(conjuncts) : [formula];
}

function scopesIn(formula: Formula): readonly string[] {
  return formula.kind === "scope" ? [formula.name] : formula.of.flatMap(scopesIn);
}

function anyAtom(condition: Condition): Formula {
  return anyOf(atomsOf(condition).map((atom) => leaf(atom)));
}

function anyOf(parts: readonly Formula[]): Formula {
  const [only, ...others] = parts;
  if (only === undefined) return FALSE;
  return others.length === 0 ? only : { kind: "anyOf", of: parts };
}

/** `undefined`: there are too many to list. */
function smallestSets(formula: Formula): Ways | undefined {
  try {
    return minimalSets(formula);
  } catch (error) {
    if (!(error instanceof UndecidedError)) throw error;
    return undefined;
  }
}
