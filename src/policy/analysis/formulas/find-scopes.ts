import { MAX_FORMULA_STEPS } from "../../../limits.ts";
import { meets } from "../../authorize.ts";
import type { Expression, ScopeLeaf } from "../../policy.ts";
import { UndecidedError } from "../undecided-error.ts";

type Formula = Expression<ScopeLeaf>;

/**
 * A formula that the scopes must not satisfy, prepared so that a check costs as much as the scopes, not the formula.
 */
export interface Goal {
  readonly kind: "anyOf" | "allOf";
  /** The scopes among its parts. */
  readonly scopes: ReadonlySet<string>;
  /** Its other parts. */
  readonly groups: readonly Goal[];
  /** The scopes that it mentions at any depth. No other scope changes whether it is satisfied. */
  readonly mentioned: ReadonlySet<string>;
}

/**
 * Prepares a formula. The depth of the recursion is that of the formula, which the file limits (`MAX_POLICY_NESTING`).
 */
export function goalOf(formula: Formula): Goal {
  if (formula.kind === "scope") {
    const scopes = new Set([formula.name]);
    return { kind: "allOf", scopes, groups: [], mentioned: scopes };
  }
  const scopes = new Set<string>();
  const groups: Goal[] = [];
  for (const part of formula.of) {
    if (part.kind === "scope") scopes.add(part.name);
    else groups.push(goalOf(part));
  }
  const mentioned = new Set(scopes);
  for (const group of groups) for (const name of group.mentioned) mentioned.add(name);
  return { kind: formula.kind, scopes, groups, mentioned };
}

/** Whether scopes satisfy the formula of a goal: the same answer as that of `meets`, and a test compares the two. */
export function reaches({ kind, scopes, groups }: Goal, held: ReadonlySet<string>): boolean {
  if (kind === "anyOf") return haveCommon(scopes, held) || groups.some((group) => reaches(group, held));
  if (scopes.size > held.size) return false;
  for (const name of scopes) if (!held.has(name)) return false;
  return groups.every((group) => reaches(group, held));
}

/** Whether two sets have a common member. Costs as much as the smaller. */
function haveCommon(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const [smaller, larger] = one.size < other.size ? [one, other] : [other, one];
  for (const name of smaller) if (larger.has(name)) return true;
  return false;
}

type Choice = Formula & { readonly kind: "anyOf" };

/** Scopes chosen so far, and what they still have to satisfy. */
interface Branch {
  readonly held: ReadonlySet<string>;
  readonly must: readonly Formula[];
}

/**
 * Looks for a set of scopes that satisfies the premise but not the goal. It settles one `anyOf` after the other and
 * tries the next alternative as soon as the scopes chosen so far satisfy the goal. It keeps a stack, because a
 * requirement may have thousands of `anyOf`.
 *
 * @param mayHold which scopes the set may contain
 * @param budget how many more choices may be tried; shared by the searches of one comparison
 * @throws UndecidedError `formula-too-complex`
 */
export function findScopes(
  premise: Formula,
  goal: Goal,
  mayHold: (scope: string) => boolean,
  budget: { left: number },
): ReadonlySet<string> | undefined {
  const known = new Choices(goal, mayHold);
  const branches: Branch[] = [{ held: new Set(), must: [premise] }];
  for (let branch = branches.pop(); branch; branch = branches.pop()) {
    const held = new Set(branch.held);
    const open = settle(branch.must, held, goal, known, mayHold, budget);
    if (open === undefined) continue;
    const [next, ...rest] = open;
    if (next === undefined) return held;
    // Pushed in reverse, so that the first alternative is tried first.
    for (const alternative of next.of.toReversed()) branches.push({ held, must: [...rest, alternative] });
  }
  return undefined;
}

/** The budget of one comparison. */
export function newBudget(): { left: number } {
  return { left: MAX_FORMULA_STEPS };
}

/**
 * Adds all scopes that `must` needs without a choice that matters. Returns the choices that are left, or `undefined` if
 * the scopes satisfy the goal or one of them may not be held.
 */
function settle(
  must: readonly Formula[],
  held: Set<string>,
  goal: Goal,
  known: Choices,
  mayHold: (scope: string) => boolean,
  budget: { left: number },
): readonly Choice[] | undefined {
  let choices: Choice[] = [];
  const waiting = must.toReversed();
  while (waiting.length > 0) {
    for (let formula = waiting.pop(); formula; formula = waiting.pop()) {
      if (formula.kind === "allOf") for (const part of formula.of.toReversed()) waiting.push(part);
      else if (formula.kind === "anyOf") choices.push(formula);
      else if (mayHold(formula.name)) held.add(formula.name);
      else return undefined;
    }
    spend(budget, 1 + choices.length / CHOICES_PER_STEP);
    if (reaches(goal, held)) return undefined;
    choices = choices.filter((choice) => !meets(choice, held));
    // First only those choices whose scopes can satisfy the goal: the others may be met on the way.
    const isTouching = choices.some((choice) => known.touches(choice));
    const left: Choice[] = [];
    for (const choice of choices) {
      const alternative = isTouching && !known.touches(choice) ? undefined : known.harmless(choice);
      if (alternative) waiting.push(alternative);
      else left.push(choice);
    }
    // Choices that can lead to a dead end come first.
    choices =
      waiting.length > 0 ? left : left.sort((one, other) => Number(known.touches(other)) - Number(known.touches(one)));
  }
  return choices;
}

/** Looking at so many choices costs as much as one step. */
const CHOICES_PER_STEP = 64;

function spend(budget: { left: number }, steps: number): void {
  budget.left -= steps;
  if (budget.left >= 0) return;
  throw new UndecidedError("formula-too-complex", "The requirements are nested in too many ways to compare.");
}

/** What is known about choices. It does not depend on the scopes chosen so far. */
class Choices {
  readonly #goal: Goal;
  readonly #mayHold: (scope: string) => boolean;
  readonly #touching = new Map<Choice, boolean>();
  readonly #harmless = new Map<Choice, Formula | undefined>();

  constructor(goal: Goal, mayHold: (scope: string) => boolean) {
    this.#goal = goal;
    this.#mayHold = mayHold;
  }

  /** Whether the choice mentions a scope of the goal. Only such choices can lead to a dead end. */
  touches(choice: Choice): boolean {
    const known = this.#touching.get(choice) ?? touches(choice, this.#goal.mentioned);
    this.#touching.set(choice, known);
    return known;
  }

  /** An alternative that mentions no scope of the goal and so cannot satisfy it: no other one has to be tried. */
  harmless(choice: Choice): Formula | undefined {
    if (this.#harmless.has(choice)) return this.#harmless.get(choice);
    const found = choice.of.find((it) => !touches(it, this.#goal.mentioned) && canBeMet(it, this.#mayHold));
    this.#harmless.set(choice, found);
    return found;
  }
}

/** Whether a formula mentions one of the scopes. */
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
