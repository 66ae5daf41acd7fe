import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_FORMULA_STEPS } from "../../../../src/limits.ts";
import { findScopes, goalOf, reaches } from "../../../../src/policy/analysis/formulas/find-scopes.ts";
import { UndecidedError } from "../../../../src/policy/analysis/undecided-error.ts";
import { meets } from "../../../../src/policy/authorize.ts";
import type { Expression, ScopeLeaf } from "../../../../src/policy/policy.ts";
import { runs } from "../../../support/policy/random-policy.ts";

const NAMES = ["a", "b", "c", "d"];
const scope = (name: string): Expression<ScopeLeaf> => ({ kind: "scope", name });
const any = (names: readonly string[]) => ({ kind: "anyOf", of: names.map(scope) }) as const;
const all = (of: readonly Expression<ScopeLeaf>[]): Expression<ScopeLeaf> => ({ kind: "allOf", of });
const numbered = (name: string, count: number) => Array.from({ length: count }, (_, at) => `${name}${at}`);

const { formula } = fc.letrec<{ formula: Expression<ScopeLeaf> }>((tie) => ({
  formula: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(...NAMES).map(scope),
    fc.array(tie("formula"), { maxLength: 3 }).map((of): Expression<ScopeLeaf> => ({ kind: "anyOf", of })),
    fc.array(tie("formula"), { maxLength: 3 }).map(all),
  ),
}));

test("scopes reach a goal exactly if they meet its formula", () => {
  fc.assert(
    fc.property(formula, fc.uniqueArray(fc.constantFrom(...NAMES)), (it, names) => {
      expect(reaches(goalOf(it), new Set(names))).toBe(meets(it, new Set(names)));
    }),
    runs(500),
  );
});

const find = (premise: Expression<ScopeLeaf>, goal: Expression<ScopeLeaf>, left = MAX_FORMULA_STEPS) =>
  findScopes(premise, goalOf(goal), () => true, { left });

test("ten thousand choices in one requirement are settled without a deep stack", () => {
  const choices = all(numbered("a", 10_000).map((name) => any([name, `${name}-other`])));
  expect(find(choices, scope("b"))?.size).toBe(10_000);
  // Each alternative is a scope of the goal, so that none is harmless.
  const goal = any(numbered("a", 300).flatMap((name) => [name, `${name}-other`]));
  expect(find(all(numbered("a", 300).map((name) => any([name, `${name}-other`]))), goal)).toBeUndefined();
});

test("ten thousand alternatives that all satisfy the goal take one step each", () => {
  const names = numbered("a", 10_000);
  expect(find(any(names), any(names.toReversed()), 10_200)).toBeUndefined();
  expect(() => find(any(names), any(names.toReversed()), 9_000)).toThrow(UndecidedError);
});
