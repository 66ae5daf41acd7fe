import { admitsAnyone, meets } from "../../../authorize.ts";
import type { Requirement, ScopeTable } from "../../../policy.ts";
import { counterexample, createFormulaOf, type Formula } from "../../formulas/formula.ts";
import { UndecidedError } from "../../undecided-error.ts";

/**
 * Returns a function that says whether one requirement admits a caller whom the other refuses. Two requirements that are
 * too complex to compare count, too.
 */
export function createIsLooser(scopes: ScopeTable): (one: Requirement, other: Requirement) => boolean {
  const formulaOf = createFormulaOf(scopes);
  const formulas = new Map<Requirement, Formula>();
  const known = new Map<Formula, Map<Formula, boolean>>();
  const remembered = (requirement: Requirement) => {
    const formula = formulas.get(requirement) ?? formulaOf(requirement);
    formulas.set(requirement, formula);
    return formula;
  };
  return (one, other) => {
    if (admitsAnyone(other)) return false;
    if (admitsAnyone(one)) return true;
    const [premise, conclusion] = [remembered(one), remembered(other)];
    const answers = known.get(premise) ?? new Map<Formula, boolean>();
    known.set(premise, answers);
    const answer = answers.get(conclusion) ?? admitsMore(premise, conclusion);
    answers.set(conclusion, answer);
    return answer;
  };
}

function admitsMore(one: Formula, other: Formula): boolean {
  if (one === other) return false;
  // Nearly all pairs are decided by the first scopes or the last. The search looks at all scopes of a wildcard.
  if (someSets(one).some((scopes) => !meets(other, scopes))) return true;
  try {
    return counterexample(one, other) !== undefined;
  } catch (error) {
    if (error instanceof UndecidedError) return true;
    throw error;
  }
}

/** Two sets of scopes that satisfy a formula: with the first alternative of each `anyOf`, and with the last. */
function someSets(formula: Formula): readonly ReadonlySet<string>[] {
  return [0, -1]
    .map((at) => {
      const scopes = new Set<string>();
      return collect(formula, at, scopes) ? scopes : undefined;
    })
    .filter((scopes) => scopes !== undefined);
}

/** Returns `false` if the formula has an `anyOf` without alternatives there, so that no set satisfies it. */
function collect(formula: Formula, at: number, into: Set<string>): boolean {
  switch (formula.kind) {
    case "scope":
      into.add(formula.name);
      return true;
    case "allOf":
      return formula.of.every((part) => collect(part, at, into));
    case "anyOf": {
      const alternative = formula.of.at(at);
      return alternative !== undefined && collect(alternative, at, into);
    }
  }
}
