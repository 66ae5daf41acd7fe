import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_SCOPE_SETS } from "../../../../src/limits.ts";
import {
  compareFormulas,
  counterexample,
  FALSE,
  type Formula,
  mayHaveCounterexample,
  minimalSets,
  TRUE,
} from "../../../../src/policy/analysis/formulas/formula.ts";
import { UndecidedError } from "../../../../src/policy/analysis/undecided-error.ts";
import { meets } from "../../../../src/policy/authorize.ts";
import { runs } from "../../../support/policy/random-policy.ts";

const NAMES = ["a", "b", "c", "d"];
const scope = (name: string): Formula => ({ kind: "scope", name });
const any = (...of: (Formula | string)[]): Formula => ({ kind: "anyOf", of: of.map(toFormula) });
const all = (...of: (Formula | string)[]): Formula => ({ kind: "allOf", of: of.map(toFormula) });
const toFormula = (it: Formula | string): Formula => (typeof it === "string" ? scope(it) : it);

const { formula } = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(...NAMES).map(scope),
    fc.array(tie("formula"), { maxLength: 3 }).map((of): Formula => ({ kind: "anyOf", of })),
    fc.array(tie("formula"), { maxLength: 3 }).map((of): Formula => ({ kind: "allOf", of })),
  ),
}));

const ALL_SETS = NAMES.reduce<string[][]>((sets, name) => sets.flatMap((set) => [set, [...set, name]]), [[]]);
const setsThat = (wanted: (set: ReadonlySet<string>) => boolean) => ALL_SETS.filter((set) => wanted(new Set(set)));
const sorted = (set: Iterable<string>) => [...set].sort();

const tooComplex = (message: string) =>
  expect.toSatisfy(
    (error) => error instanceof UndecidedError && error.message === message && error.code === "formula-too-complex",
  );

describe("a counterexample", () => {
  test.each([
    { name: "of nothing by everything", premise: TRUE, conclusion: FALSE, expected: [] },
    { name: "of everything by nothing", premise: FALSE, conclusion: FALSE, expected: undefined },
    { name: "is not needed where there is none", premise: scope("a"), conclusion: any("b", "a"), expected: undefined },
    { name: "has nothing to spare", premise: any(all("a", "b"), "c"), conclusion: scope("a"), expected: ["c"] },
    { name: "by one who has less than all", premise: any("a", "b"), conclusion: all("a", "b"), expected: ["b"] },
    { name: "by an empty group", premise: TRUE, conclusion: scope("a"), expected: [] },
    {
      name: "of names that read alike when they are put together",
      premise: any("a", "bc"),
      conclusion: any("ab", "c"),
      expected: ["a"],
    },
    {
      name: "none: the same, distributed",
      premise: any(all("a", "c"), all("b", "c")),
      conclusion: all(any("b", "a"), "c"),
      expected: undefined,
    },
  ])("$name", ({ premise, conclusion, expected }) => {
    const found = counterexample(premise, conclusion);
    expect(found && sorted(found)).toEqual(expected);
  });

  test.each([
    { name: "may be there if it is", premise: any("a", "b"), conclusion: scope("a"), expected: true },
    { name: "is not there if it cannot be", premise: scope("a"), conclusion: any("a", "b"), expected: false },
  ])("$name", ({ premise, conclusion, expected }) => {
    expect(mayHaveCounterexample(premise, conclusion)).toBe(expected);
  });

  test("uses only scopes that the set may contain", () => {
    expect(counterexample(any("a", "b"), FALSE, (name) => name === "b")).toEqual(new Set(["b"]));
    expect(counterexample(any("a", "b"), FALSE, (name) => name === "c")).toBeUndefined();
  });

  test.each([
    { name: "a scope", premise: any("no", "x"), expected: ["x"] },
    { name: "one of several", premise: any(any("no", "not"), any("no", "x")), expected: ["x"] },
    { name: "several together", premise: any(all("x", "no"), all("x", "y")), expected: ["x", "y"] },
  ])("chooses only scopes that the set may contain, where several would do: $name", ({ premise, expected }) => {
    const found = counterexample(premise, scope("goal"), (name) => !name.startsWith("no"));
    expect(found && sorted(found)).toEqual(expected);
  });

  test("is ruled out quickly where one of many choices leads nowhere", () => {
    const choices = Array.from({ length: 40 }, (_, at) => any(all(`x${at}`, any(`y${at}`)), any(`z${at}`, "no")));
    const mayHold = (name: string) => name !== "no";
    expect(counterexample(all(...choices, any("no", all("no"))), scope("goal"), mayHold)).toBeUndefined();
  });

  test("is found exactly where some set of scopes meets one formula and not the other", () => {
    fc.assert(
      fc.property(formula, formula, fc.subarray(NAMES), (premise, conclusion, holdable) => {
        const mayHold = (name: string) => holdable.includes(name);
        const isBreach = (set: ReadonlySet<string>) =>
          [...set].every(mayHold) && meets(premise, set) && !meets(conclusion, set);
        const found = counterexample(premise, conclusion, mayHold);
        expect(found === undefined).toBe(setsThat(isBreach).length === 0);
        if (found === undefined) return;
        expect(isBreach(found)).toBe(true);
        for (const name of found) expect(meets(premise, new Set([...found].filter((it) => it !== name)))).toBe(false);
      }),
      runs(2_000),
    );
  });

  test("is found quickly where many choices do not matter", () => {
    const pairs = Array.from({ length: 200 }, (_, at) => any(`x${at}`, `y${at}`));
    expect(counterexample(all(...pairs), all(...pairs.toReversed()))).toBeUndefined();
    expect(counterexample(all(...pairs), all(...pairs, "z"))?.size).toBe(200);
  });

  test("is not guessed where there are too many choices", () => {
    const pairs = Array.from({ length: 24 }, (_, at) => any(`x${at}`, `y${at}`));
    const odd = any(...pairs.map((_, at) => all(`x${at}`, `y${at}`)), all(...pairs.map((_, at) => `x${at}`)), "z");
    const conclusion = any(odd, all(...pairs.map((_, at) => any(`x${at}`, `y${at}`, "z"))));
    expect(() => counterexample(all(...pairs), conclusion)).toThrow(
      tooComplex("The requirements are nested in too many ways to compare."),
    );
    expect(mayHaveCounterexample(all(...pairs), conclusion)).toBe(true);
  });
});

describe("comparing a requirement before and after a change", () => {
  test.each([
    { name: "the same in another order", before: any("a", "b"), after: any("b", "a"), expected: "equal" },
    { name: "the same, nested needlessly", before: scope("a"), after: all(any("a"), any("a", "a")), expected: "equal" },
    { name: "one more way in", before: scope("a"), after: any("a", "b"), expected: "looser" },
    { name: "one more scope needed", before: scope("a"), after: all("a", "b"), expected: "tighter" },
    { name: "any token", before: scope("a"), after: TRUE, expected: "looser" },
    { name: "another scope", before: scope("a"), after: scope("b"), expected: "incomparable" },
  ])("$name", ({ before, after, expected }) => {
    const { relation, gained, lost } = compareFormulas(before, after);
    expect(relation).toBe(expected);
    expect(gained !== undefined).toBe(expected === "looser" || expected === "incomparable");
    expect(lost !== undefined).toBe(expected === "tighter" || expected === "incomparable");
  });
});

describe("the minimal sets", () => {
  test.each([
    { name: "of any token", input: TRUE, expected: [[]] },
    { name: "of nobody", input: FALSE, expected: [] },
    { name: "leave out what holds another", input: any(all("a", "b"), "b"), expected: [["b"]] },
    { name: "have the smallest first", input: any(all("a", "b"), "c"), expected: [["c"], ["a", "b"]] },
    {
      name: "keep apart what reads alike when it is put together",
      input: any(all("a", "bc"), all("ab", "c")),
      expected: [
        ["a", "bc"],
        ["ab", "c"],
      ],
    },
    { name: "combine choices", input: all(any("a", "b"), any("a", "c")), expected: [["a"], ["b", "c"]] },
  ])("$name", ({ input, expected }) => {
    expect(minimalSets(input)).toEqual(expected);
  });

  test("are those that meet the formula and of which no part does", () => {
    fc.assert(
      fc.property(formula, (input) => {
        const meeting = setsThat((set) => meets(input, set));
        const minimal = meeting.filter(
          (set) => !meeting.some((it) => it.length < set.length && it.every((name) => set.includes(name))),
        );
        expect(minimalSets(input).map(sorted).sort()).toEqual(minimal.map(sorted).sort());
      }),
      runs(1_000),
    );
  });

  test("are not listed if there are too many", () => {
    const pairs = (count: number) => all(...Array.from({ length: count }, (_, at) => any(`x${at}`, `y${at}`)));
    const limit = Math.log2(MAX_SCOPE_SETS);
    expect(minimalSets(pairs(limit))).toHaveLength(MAX_SCOPE_SETS);
    expect(() => minimalSets(pairs(limit + 1))).toThrow(
      tooComplex("The requirement can be met in too many ways to list."),
    );
  });
});
