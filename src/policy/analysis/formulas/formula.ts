import { MAX_LISTED_SCOPES, MAX_SCOPE_SETS } from "../../../limits.ts";
import { meets } from "../../authorize.ts";
import type { Expression, ScopeLeaf } from "../../policy.ts";
import { UndecidedError } from "../undecided-error.ts";
import { findScopes, type Goal, goalOf, newBudget } from "./find-scopes.ts";
import { smallestSets } from "./smallest-sets.ts";

/**
 * A monotone formula over the scopes that a token itself grants, by full name: a token with more scopes never satisfies
 * less. The formula spells out what scopes imply (see `expandImplied`). Unlike a requirement's expression, it may have
 * empty groups: see `TRUE` and `FALSE`.
 */
export type Formula = Expression<ScopeLeaf>;

/** Every token satisfies it, even one without scopes. */
export const TRUE: Formula = { kind: "allOf", of: [] };
/** No token satisfies it. */
export const FALSE: Formula = { kind: "anyOf", of: [] };

/** The formula for tokens that grant only some scopes, in which no group has a part that they cannot satisfy. */
export function onlyGranting(formula: Formula, isGrantable: (scope: string) => boolean): Formula {
  return withoutConstants(replaceScopes(formula, (scope) => (isGrantable(scope.name) ? scope : FALSE)));
}

/**
 * Finds a set of scopes that satisfies `premise` but not
 * `conclusion`. No scope of the set can be left out. `undefined`: there is none, so every set that satisfies `premise`
 * satisfies `conclusion`.
 *
 * @param mayHold which scopes the set may contain; default: any
 * @throws UndecidedError `formula-too-complex`
 */
export function counterexample(
  premise: Formula,
  conclusion: Formula,
  mayHold: (scope: string) => boolean = () => true,
): ReadonlySet<string> | undefined {
  if (isEqual(premise, conclusion)) return undefined;
  const budget = newBudget();
  // A set that fails one part of an `allOf` fails the whole, so each part is tried by itself.
  for (const goal of goalsOf(conclusion)) {
    const found = findScopes(premise, goal, mayHold, budget);
    if (found) return reduce(found, premise);
  }
  return undefined;
}

/**
 * Whether some set of scopes satisfies `premise` but not `conclusion`. `true` also if that is too complex to decide.
 */
export function mayHaveCounterexample(premise: Formula, conclusion: Formula): boolean {
  try {
    return counterexample(premise, conclusion) !== undefined;
  } catch (error) {
    if (error instanceof UndecidedError) return true;
    throw error;
  }
}

/** By the formula, which never changes: many premises are compared with one conclusion. */
const goals = new WeakMap<Formula, readonly Goal[]>();

function goalsOf(conclusion: Formula): readonly Goal[] {
  const known = goals.get(conclusion) ?? conjuncts(conclusion).map(goalOf);
  goals.set(conclusion, known);
  return known;
}

/**
 * Whether two formulas have the same text. Most pairs that are compared do, and this is much cheaper than the search.
 */
function isEqual(one: Formula, other: Formula): boolean {
  if (one === other) return true;
  if (one.kind === "scope" || other.kind === "scope") {
    return one.kind === "scope" && other.kind === "scope" && one.name === other.name;
  }
  if (one.kind !== other.kind || one.of.length !== other.of.length) return false;
  return one.of.every((part, at) => {
    const twin = other.of[at];
    return twin !== undefined && isEqual(part, twin);
  });
}

/** How two formulas compare, with a set of scopes that satisfies only one of them, for each direction. */
export interface Comparison {
  readonly relation: "equal" | "looser" | "tighter" | "incomparable";
  /** Satisfies the new formula, not the old one. Set for `looser` and `incomparable`. */
  readonly gained: ReadonlySet<string> | undefined;
  /** Satisfies the old formula, not the new one. Set for `tighter` and `incomparable`. */
  readonly lost: ReadonlySet<string> | undefined;
}

/**
 * Compares a requirement's formula before and after a change.
 *
 * @throws UndecidedError `formula-too-complex`
 */
export function compareFormulas(before: Formula, after: Formula): Comparison {
  const gained = counterexample(after, before);
  const lost = counterexample(before, after);
  const relation = gained ? (lost ? "incomparable" : "looser") : lost ? "tighter" : "equal";
  return { relation, gained, lost };
}

/**
 * Lists the minimal sets of scopes that satisfy a formula: no listed set contains another. Sets with fewer scopes come
 * first; scopes stand in the order of the formula. `FALSE` has no such set; `TRUE` has the empty set.
 *
 * @throws UndecidedError `formula-too-complex`
 */
export function minimalSets(formula: Formula): readonly (readonly string[])[] {
  return minimal(formula).map((set) => [...set]);
}

/** Puts something else in the place of each scope and atom. Recurses once for each group. */
export function replaceScopes(expression: Formula, replace: (scope: ScopeLeaf) => Formula): Formula {
  if (expression.kind === "scope") return replace(expression);
  return { kind: expression.kind, of: expression.of.map((part) => replaceScopes(part, replace)) };
}

/** The same formula, in which no group has a part that every token satisfies, or none. Only the whole can be such. */
export function withoutConstants(formula: Formula): Formula {
  if (formula.kind === "scope") return formula;
  const of = formula.of.map(withoutConstants);
  const [decisive, idle] = formula.kind === "allOf" ? [FALSE, TRUE] : [TRUE, FALSE];
  if (of.includes(decisive)) return decisive;
  const left = of.filter((part) => part !== idle);
  return left.length === 0 ? idle : { kind: formula.kind, of: left };
}

function conjuncts(formula: Formula): readonly Formula[] {
  return formula.kind === "allOf" ? formula.of.flatMap(conjuncts) : [formula];
}

/** Removes scopes, one by one, as long as the rest still satisfies the formula. */
function reduce(scopes: ReadonlySet<string>, formula: Formula): ReadonlySet<string> {
  const left = new Set(scopes);
  for (const scope of scopes) {
    left.delete(scope);
    if (!meets(formula, left)) left.add(scope);
  }
  return left;
}

/** See `minimalSets`. Recurses once for each nested group. */
function minimal(formula: Formula): readonly ReadonlySet<string>[] {
  switch (formula.kind) {
    case "scope":
      return [new Set([formula.name])];
    case "anyOf":
      return withoutSupersets(formula.of.flatMap(minimal));
    case "allOf":
      return joined(formula.of.map(minimal)).reduce<readonly ReadonlySet<string>[]>(combine, [new Set()]);
  }
}

type Sets = readonly ReadonlySet<string>[];

/** Joins neighbours that can be met in one way only. A group may have thousands of them. */
function joined(parts: readonly Sets[]): readonly Sets[] {
  const found: Sets[] = [];
  let only: Set<string> | undefined;
  for (const sets of parts) {
    const [set, ...others] = sets;
    if (set === undefined || others.length > 0) {
      found.push(sets);
      only = undefined;
    } else if (only === undefined) {
      only = new Set(set);
      found.push([only]);
    } else for (const name of set) only.add(name);
  }
  return found;
}

function combine(sets: Sets, more: Sets): Sets {
  const count = sets.length * more.length;
  const scopes = count === 0 ? 0 : count * Math.max(...[sets, more].map((some) => some.at(-1)?.size ?? 0));
  if (count > MAX_SCOPE_SETS || (count > 1 && scopes > MAX_LISTED_SCOPES)) {
    throw new UndecidedError("formula-too-complex", "The requirement can be met in too many ways to list.");
  }
  return withoutSupersets(sets.flatMap((set) => more.map((other) => set.union(other))));
}

function withoutSupersets(sets: Sets): Sets {
  return smallestSets(sets).flatMap((at) => sets[at] ?? []);
}
