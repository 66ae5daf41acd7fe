import { describe, expect, test } from "vitest";
import { indexPlaces, placeAt } from "../../../src/policy/source/places.ts";

const TEXT = ' {"a": [1, {"b": "x"}, []], "c": {}}';

describe("the place of a value is found by its path", () => {
  test.each([
    { name: "the root", path: [], expected: '{"a": [1, {"b": "x"}, []], "c": {}}' },
    { name: "an array", path: ["a"], expected: '[1, {"b": "x"}, []]' },
    { name: "a number", path: ["a", 0], expected: "1" },
    { name: "a member of an item", path: ["a", 1, "b"], expected: '"x"' },
    { name: "an empty array", path: ["a", 2], expected: "[]" },
    { name: "a member after an array", path: ["c"], expected: "{}" },
  ])("$name", ({ path, expected }) => {
    const { place, isExact } = placeAt(indexPlaces(TEXT), path);
    expect([TEXT.slice(place.start, place.end), isExact]).toEqual([expected, true]);
  });
});

test("a path that is not there leads to the nearest value around it", () => {
  const { place, isExact } = placeAt(indexPlaces(TEXT), ["a", 1, "d", "e"]);
  expect([TEXT.slice(place.start, place.end), isExact]).toEqual(['{"b": "x"}', false]);
});

test("entries keep the order of the text, and a member begins at its name", () => {
  const { inside } = indexPlaces(TEXT);
  expect(Array.from(inside ?? [], ([name, { offset }]) => [name, TEXT.charAt(offset + 1)])).toEqual([
    ["a", "a"],
    ["c", "c"],
  ]);
});
