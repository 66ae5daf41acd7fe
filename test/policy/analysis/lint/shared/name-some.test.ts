import { expect, it } from "vitest";
import { nameSome, namesAll } from "../../../../../src/policy/analysis/lint/shared/name-some.ts";

it.each([
  { names: [], expected: "", all: true },
  { names: ["a"], expected: "a", all: true },
  { names: ["a", "b"], expected: "a and b", all: true },
  { names: ["a", "b", "c"], expected: "a, b and c", all: true },
  { names: ["a", "b", "c", "d"], expected: "a, b and c", all: false },
])("names three of $names at most", ({ names, expected, all }) => {
  expect(nameSome(names)).toBe(expected);
  expect(namesAll(names.length)).toBe(all);
});
