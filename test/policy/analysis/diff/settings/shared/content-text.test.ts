import { expect, it } from "vitest";
import { isSameContent, textOf } from "../../../../../../src/policy/analysis/diff/settings/shared/content-text.ts";

it.each([
  { name: "arrays in another order", one: ["a", "b"], other: ["b", "a"], expected: true },
  { name: "sets in another order", one: new Set(["a", "b"]), other: new Set(["b", "a"]), expected: true },
  { name: "members in another order", one: { a: 1, b: [2] }, other: { b: [2], a: 1 }, expected: true },
  {
    name: "sets inside objects in another order",
    one: { a: new Set([1, 2]) },
    other: { a: new Set([2, 1]) },
    expected: true,
  },
  { name: "another item", one: ["a", "b"], other: ["a", "c"], expected: false },
  { name: "an item less", one: new Set(["a", "b"]), other: new Set(["a"]), expected: false },
  { name: "two items that read like one", one: ["a,b"], other: ["a", "b"], expected: false },
  { name: "another member", one: { a: 1 }, other: { b: 1 }, expected: false },
  { name: "a text and a number", one: "1", other: 1, expected: false },
  { name: "nothing and nothing", one: undefined, other: undefined, expected: true },
  { name: "nothing and null", one: undefined, other: null, expected: false },
  { name: "a word and a list of it", one: "*", other: ["*"], expected: false },
])("same content: $expected for $name", ({ one, other, expected }) => {
  expect(isSameContent(one, other)).toBe(expected);
});

it("names what is not set", () => {
  expect([textOf(undefined), textOf(["sub"])]).toEqual(["not set", '["sub"]']);
});
