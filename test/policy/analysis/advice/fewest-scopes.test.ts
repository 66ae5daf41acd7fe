import fc from "fast-check";
import { expect, it } from "vitest";
import { MAX_SCOPE_SETS } from "../../../../src/limits.ts";
import { fewestScopes, type Ways } from "../../../../src/policy/analysis/advice/fewest-scopes.ts";
import { runs } from "../../../support/policy/random-policy.ts";

/** `all` implies the others of its line, `both` implies two. */
const IMPLIED: Readonly<Record<string, readonly string[]>> = { all: ["a", "b", "c", "both"], both: ["a", "b"] };
const effectiveOf = (scope: string) => new Set([scope, ...(IMPLIED[scope] ?? [])]);

it.each([
  { name: "nothing is needed", needs: [], expected: [[]] },
  { name: "each way of one need", needs: [[["a"], ["b"]]], expected: [["a"], ["b"]] },
  {
    name: "one way that meets two needs",
    needs: [
      [["a"], ["b"]],
      [["b"], ["c"]],
    ],
    expected: [["b"]],
  },
  { name: "a way of several scopes", needs: [[["a", "b"]], [["a"], ["c"]]], expected: [["a", "b"]] },
  {
    name: "two scopes before one that implies three",
    needs: [
      [["a"], ["all"]],
      [["c"], ["all"]],
    ],
    expected: [["a", "c"]],
  },
  { name: "a scope that implies what is needed anyway", needs: [[["both"]], [["a"], ["both"]]], expected: [["both"]] },
  {
    name: "both of two that come to the same",
    needs: [[["a", "b", "c"], ["both"]]],
    expected: [["both"], ["a", "b", "c"]],
  },
  { name: "no set where a need has no way", needs: [[["a"]], []], expected: [] },
])("finds $name", ({ needs, expected }) => {
  expect(fewestScopes(needs, { effectiveOf, countsImplied: false })).toEqual({
    sets: expected,
    isExact: true,
    isComplete: true,
  });
});

it.each([
  { countsImplied: false, expected: [["both", "a"]] },
  { countsImplied: true, expected: [["both"]] },
])("meets needs by implied scopes only where they count: $countsImplied", ({ countsImplied, expected }) => {
  const needs = [[["both"]], [["a"]]];
  expect(fewestScopes(needs, { effectiveOf, countsImplied }).sets).toEqual(expected);
});

/** Needs of which each has two scopes of its own: as many smallest sets as there are combinations. */
function twoEach(count: number): readonly Ways[] {
  return Array.from({ length: count }, (_, at) => [[`x${at}`], [`y${at}`]]);
}

it.each([
  { name: "all", count: Math.log2(MAX_SCOPE_SETS), listed: MAX_SCOPE_SETS, isComplete: true },
  { name: "as many as may be listed", count: Math.log2(MAX_SCOPE_SETS) + 1, listed: MAX_SCOPE_SETS, isComplete: false },
])("lists $name of 2^$count sets that come to the same", ({ count, listed, isComplete }) => {
  const found = fewestScopes(twoEach(count), { effectiveOf, countsImplied: false });
  expect([found.sets.length, found.isExact, found.isComplete]).toEqual([listed, true, isComplete]);
});

it("lists one set that is enough where it gives up", () => {
  const names = Array.from({ length: 60 }, (_, at) => `s${at}`);
  // Every pair of 60 scopes needs one of them: a vertex cover that no bound of the search cuts short.
  const needs = names.flatMap((one, at) =>
    names.slice(at + 1).flatMap((other, next) => ((at * 7 + next * 3) % 5 === 0 ? [[[one], [other]]] : [])),
  );
  const found = fewestScopes(needs, { effectiveOf, countsImplied: false });
  expect([found.sets.length, found.isExact, found.isComplete]).toEqual([1, false, false]);
  const [set = []] = found.sets;
  const isEnough = (held: readonly string[]) =>
    needs.every((ways) => ways.some(([scope = ""]) => held.includes(scope)));
  expect(isEnough(set)).toBe(true);
  expect(set.filter((scope) => isEnough(set.filter((it) => it !== scope)))).toEqual([]);
});

const SCOPES = ["a", "b", "c", "d", "both", "all"];
const SUBSETS = SCOPES.reduce<string[][]>((sets, name) => sets.flatMap((set) => [set, [...set, name]]), [[]]);
const way = fc.uniqueArray(fc.constantFrom(...SCOPES), { minLength: 1, maxLength: 3 });
const randomNeeds = fc.array(fc.array(way, { minLength: 1, maxLength: 4 }), { maxLength: 6 });

it.each([true, false])("finds what trying every set finds, where implied scopes count: %s", (countsImplied) => {
  const effective = (set: readonly string[]) => new Set(set.flatMap((name) => [...effectiveOf(name)]));
  fc.assert(
    fc.property(randomNeeds, (needs) => {
      const isEnough = (set: readonly string[]): boolean => {
        const held = countsImplied ? effective(set) : new Set(set);
        return needs.every((ways) => ways.some((names) => names.every((name) => held.has(name))));
      };
      const enough = SUBSETS.filter(isEnough);
      const fewest = Math.min(...enough.map((set) => effective(set).size));
      const expected = enough.filter(
        (set) => effective(set).size === fewest && !set.some((name) => isEnough(set.filter((it) => it !== name))),
      );
      const found = fewestScopes(needs, { effectiveOf, countsImplied });
      const text = (sets: readonly (readonly string[])[]) => sets.map((set) => set.toSorted().join()).sort();
      expect([found.isExact, found.isComplete]).toEqual([true, true]);
      expect(text(found.sets)).toEqual(text(expected));
    }),
    runs(300),
  );
});
