import fc from "fast-check";
import { expect, it } from "vitest";
import { smallestSets } from "../../../../src/policy/analysis/formulas/smallest-sets.ts";
import { runs } from "../../../support/policy/random-policy.ts";

it.each<{ name: string; sets: readonly string[]; expected: readonly number[] }>([
  { name: "none of none", sets: [], expected: [] },
  { name: "the empty set alone, because all contain it", sets: ["a", "", "b"], expected: [1] },
  { name: "the first of equal sets", sets: ["ab", "ba"], expected: [0] },
  { name: "no set that contains another, wherever that stands", sets: ["abc", "b", "ac"], expected: [1, 2] },
  { name: "sets of one size, in their order", sets: ["bc", "ab", "a"], expected: [2, 0] },
])("finds $name", ({ sets, expected }) => {
  expect(smallestSets(sets.map((letters) => new Set(letters)))).toEqual(expected);
});

it("finds what comparing each set with each other finds", () => {
  const set = fc.uniqueArray(fc.constantFrom(..."abcde")).map((members) => new Set(members));
  fc.assert(
    fc.property(fc.array(set), (sets) => {
      const expected = sets.flatMap((one, at) => {
        const isLarger = sets.some(
          (other, index) => other.isSubsetOf(one) && (other.size < one.size || (other.size === one.size && index < at)),
        );
        return isLarger ? [] : [at];
      });
      expect([...smallestSets(sets)].sort((one, other) => one - other)).toEqual(expected);
    }),
    runs(500),
  );
}, 20_000);
