import { MAX_FORMULA_STEPS, MAX_SCOPE_SETS } from "../../limits.ts";
import { meets } from "../authorize.ts";
import type { Requirement, ScopeExpression, ScopeTable } from "../policy.ts";

/**
 * A monotone formula over the full names of scopes that a token grants, before what they imply: more scopes never meet
 * less of it. Unlike a requirement's expression it may hold empty groups: see `TRUE` and `FALSE`.
 */
export type Formula = ScopeExpression;

/** What every token meets, even one without scopes. */
export const TRUE: Formula = { kind: "allOf", of: [] };
/** What no token meets. */
export const FALSE: Formula = { kind: "anyOf", of: [] };

/** Two formulas are nested in so many ways that comparing them would take too long. Nothing is known then. */
export class FormulaTooComplexError extends Error {
  readonly code = "formula-too-complex";
}

/**
 * Makes the function that reads an expression over effective scopes as one over granted scopes: each scope is met by
 * itself and by all that imply it. So what is granted under one policy can be held against another that implies other
 * things.
 */
export function expandImplied(table: ScopeTable): (expression: ScopeExpression) => Formula {
  const implying = new Map<string, Formula[]>();
  for (const { fullName, implies } of table.byFullName.values()) {
    for (const implied of implies) {
      const names = implying.get(implied) ?? [];
      names.push({ kind: "scope", name: fullName });
      implying.set(implied, names);
    }
  }
  return (expression) => (implying.size === 0 ? expression : replaceScopes(expression, implying));
}

/**
 * Makes the function that says what meets a requirement, of those who come with a valid token. Equal requirements have
 * one and the same formula.
 */
export function formulasOf(table: ScopeTable): (requirement: Requirement) => Formula {
  const read = expandImplied(table);
  const known = new Map<string, Formula>();
  return (requirement) => {
    if (requirement.kind !== "scopes") return TRUE;
    const key = JSON.stringify(requirement.expression);
    const formula = known.get(key) ?? read(requirement.expression);
    known.set(key, formula);
    return formula;
  };
}

/**
 * A set of scopes that meets `premise` but not `conclusion`, as small as it gets by leaving out what is not needed; or
 * `undefined`: whatever meets the one meets the other.
 *
 * @param mayHold which scopes may be in the set; default: any
 * @throws FormulaTooComplexError
 */
export function counterexample(
  premise: Formula,
  conclusion: Formula,
  mayHold: (scope: string) => boolean = () => true,
): ReadonlySet<string> | undefined {
  // Nearly all that are compared look alike.
  if (premise === conclusion || JSON.stringify(premise) === JSON.stringify(conclusion)) return undefined;
  const budget = { left: MAX_FORMULA_STEPS };
  // One part of an `allOf` that is not met is enough.
  for (const part of conjuncts(conclusion)) {
    const scopes = new Set<string>();
    collectScopes(part, scopes);
    const found = search([premise], new Set(), { formula: part, scopes }, mayHold, budget);
    if (found) return reduce(found, premise);
  }
  return undefined;
}

/** How two formulas compare, and for each side a set of scopes that meets only that one. */
export interface Comparison {
  readonly relation: "equal" | "looser" | "tighter" | "incomparable";
  /** Meets the new one, not the old; there unless `equal` or `tighter`. */
  readonly gained: ReadonlySet<string> | undefined;
  /** Meets the old one, not the new; there unless `equal` or `looser`. */
  readonly lost: ReadonlySet<string> | undefined;
}

/** Compares what is required now with what was before. */
export function compareFormulas(before: Formula, after: Formula): Comparison {
  const gained = counterexample(after, before);
  const lost = counterexample(before, after);
  const relation = gained ? (lost ? "incomparable" : "looser") : lost ? "tighter" : "equal";
  return { relation, gained, lost };
}

/**
 * All the smallest sets that meet a formula (none holds another), those with the fewest scopes first; scopes in the
 * order of the formula. None for `FALSE`; the empty set for `TRUE`.
 *
 * @throws FormulaTooComplexError
 */
export function minimalSets(formula: Formula): readonly (readonly string[])[] {
  return minimal(formula).map((set) => [...set]);
}

function replaceScopes(expression: ScopeExpression, implying: ReadonlyMap<string, readonly Formula[]>): Formula {
  if (expression.kind !== "scope") {
    return { kind: expression.kind, of: expression.of.map((part) => replaceScopes(part, implying)) };
  }
  const others = implying.get(expression.name);
  return others ? { kind: "anyOf", of: [expression, ...others] } : expression;
}

function conjuncts(formula: Formula): readonly Formula[] {
  return formula.kind === "allOf" ? formula.of.flatMap(conjuncts) : [formula];
}

interface Goal {
  readonly formula: Formula;
  /** All that it mentions: nothing else can meet it. */
  readonly scopes: ReadonlySet<string>;
}

/** Meets all that `must` be met, one choice after the other, and turns back where the goal is met as well. */
function search(
  must: readonly Formula[],
  before: ReadonlySet<string>,
  goal: Goal,
  mayHold: (scope: string) => boolean,
  budget: { left: number },
): ReadonlySet<string> | undefined {
  if (--budget.left < 0) throw new FormulaTooComplexError("The requirements are nested in too many ways to compare.");
  const held = new Set(before);
  const choices: (Formula & { kind: "anyOf" })[] = [];
  const waiting = must.toReversed();
  for (let formula = waiting.pop(); formula; formula = waiting.pop()) {
    if (formula.kind === "allOf") waiting.push(...formula.of.toReversed());
    else if (formula.kind === "anyOf") choices.push(formula);
    else if (mayHold(formula.name)) held.add(formula.name);
    else return undefined;
  }
  if (meets(goal.formula, held)) return undefined;
  const open = choices.filter((choice) => !meets(choice, held));
  // What can help to meet the goal is settled first: the rest never makes one turn back.
  const next = open.find((choice) => touches(choice, goal.scopes)) ?? open[0];
  if (next === undefined) return held;
  const rest = open.filter((choice) => choice !== next);
  // A way that cannot help to meet the goal is as good as any: if it leads nowhere, so do all.
  const harmless = next.of.find((way) => !touches(way, goal.scopes) && canBeMet(way, mayHold));
  for (const way of harmless ? [harmless] : next.of) {
    const found = search([...rest, way], held, goal, mayHold, budget);
    if (found) return found;
  }
  return undefined;
}

function touches(formula: Formula, scopes: ReadonlySet<string>): boolean {
  return formula.kind === "scope" ? scopes.has(formula.name) : formula.of.some((part) => touches(part, scopes));
}

function canBeMet(formula: Formula, mayHold: (scope: string) => boolean): boolean {
  switch (formula.kind) {
    case "scope":
      return mayHold(formula.name);
    case "anyOf":
      return formula.of.some((part) => canBeMet(part, mayHold));
    case "allOf":
      return formula.of.every((part) => canBeMet(part, mayHold));
  }
}

function collectScopes(formula: Formula, into: Set<string>): void {
  if (formula.kind === "scope") into.add(formula.name);
  else for (const part of formula.of) collectScopes(part, into);
}

/** Leaves out what the formula is met without. */
function reduce(scopes: ReadonlySet<string>, formula: Formula): ReadonlySet<string> {
  const left = new Set(scopes);
  for (const scope of scopes) {
    left.delete(scope);
    if (!meets(formula, left)) left.add(scope);
  }
  return left;
}

/** The smallest first. */
function minimal(formula: Formula): readonly ReadonlySet<string>[] {
  switch (formula.kind) {
    case "scope":
      return [new Set([formula.name])];
    case "anyOf":
      return withoutSupersets(formula.of.flatMap(minimal));
    case "allOf":
      return formula.of.map(minimal).reduce<readonly ReadonlySet<string>[]>(
        (sets, more) => {
          if (sets.length * more.length > MAX_SCOPE_SETS) {
            throw new FormulaTooComplexError("The requirement can be met in too many ways to list.");
          }
          return withoutSupersets(sets.flatMap((set) => more.map((other) => new Set([...set, ...other]))));
        },
        [new Set()],
      );
  }
}

function withoutSupersets(sets: readonly ReadonlySet<string>[]): readonly ReadonlySet<string>[] {
  const kept = new Map<string, ReadonlySet<string>>();
  for (const set of [...sets].sort((one, other) => one.size - other.size)) {
    const key = [...set].sort().join(" ");
    if (!kept.has(key) && !hasSubset(set, kept.values())) kept.set(key, set);
  }
  return [...kept.values()];
}

/** @param candidates the smallest first */
function hasSubset(set: ReadonlySet<string>, candidates: Iterable<ReadonlySet<string>>): boolean {
  for (const candidate of candidates) {
    if (candidate.size >= set.size) return false;
    if (candidate.isSubsetOf(set)) return true;
  }
  return false;
}
