import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { placeAt, rootPlace } from "../../../src/policy/source/places.ts";

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
    const { place, isExact } = placeAt(rootPlace(TEXT), path);
    expect([TEXT.slice(place.start, place.end), isExact]).toEqual([expected, true]);
  });
});

test("a path that is not there leads to the nearest value around it", () => {
  const { place, isExact } = placeAt(rootPlace(TEXT), ["a", 1, "d", "e"]);
  expect([TEXT.slice(place.start, place.end), isExact]).toEqual(['{"b": "x"}', false]);
});

test("entries keep the order of the text, and a member begins at its name", () => {
  const { inside } = rootPlace(TEXT);
  expect(Array.from(inside, ([name, { offset }]) => [name, TEXT.charAt(offset + 1)])).toEqual([
    ["a", "a"],
    ["c", "c"],
  ]);
});

test("each value of any text has its place", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom("", " ", "\t", "\r\n"), (value, space) => {
      const text = JSON.stringify(value, null, space);
      const root = rootPlace(text);
      const check = (part: unknown, path: readonly (string | number)[]): void => {
        const { place, isExact } = placeAt(root, path);
        expect(isExact).toBe(true);
        expect(JSON.stringify(JSON.parse(text.slice(place.start, place.end)))).toBe(JSON.stringify(part));
        if (typeof part !== "object" || part === null) return;
        for (const [name, inner] of Object.entries(part)) check(inner, [...path, Array.isArray(part) ? +name : name]);
      };
      check(value, []);
    }),
    { numRuns: 1_000 },
  );
});
