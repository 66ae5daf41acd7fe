import fc from "fast-check";
import { expect, it } from "vitest";
import { removeItems } from "../../../src/policy/source/remove-items.ts";
import { runs } from "../../support/policy/random-policy.ts";

const LINES = '{\n  "a": [\n    "x",\n    "y" ,\n    "z"\n  ],\n  "b": [1,2]\n}\n';

it.each([
  { name: "the first", text: '{"a": ["x", "y"]}', items: [0], expected: '{"a": ["y"]}' },
  { name: "the last", text: '{"a": ["x", "y"]}', items: [1], expected: '{"a": ["x"]}' },
  { name: "all but one in the middle", text: '{"a": [ "x", "y", "z" ]}', items: [0, 2], expected: '{"a": [ "y" ]}' },
  { name: "all", text: '{"a": [\r\n  "x"\r\n]}', items: [0], expected: '{"a": []}' },
  { name: "none", text: '{"a": [ ]}', items: [], expected: '{"a": [ ]}' },
  { name: "the first of several lines", text: LINES, items: [0], expected: LINES.replace('"x",\n    ', "") },
  { name: "one between lines", text: LINES, items: [1], expected: LINES.replace(',\n    "y"', "") },
  { name: "the last lines", text: LINES, items: [1, 2], expected: LINES.replace(',\n    "y" ,\n    "z"', "") },
])("removes $name and leaves the rest as it is", ({ text, items, expected }) => {
  expect(removeItems(text, [{ path: ["a"], items: new Set(items) }])).toBe(expected);
});

it("removes from several arrays", () => {
  const removals = [
    { path: ["b"], items: new Set([0]) },
    { path: ["a"], items: new Set([0, 1]) },
  ];
  expect(JSON.parse(removeItems(LINES, removals))).toEqual({ a: ["z"], b: [2] });
});

it.each([{ path: ["c"] }, { path: ["a", 0] }, { path: [] }])("throws where there is no array: $path", ({ path }) => {
  expect(() => removeItems(LINES, [{ path, items: new Set([0]) }])).toThrow(TypeError);
});

it("removes exactly the items, however the array is written", () => {
  const item = fc.oneof(fc.integer(), fc.constantFrom("a,b", "]", '"', [1, "x"], { a: [2] }));
  const space = fc.constantFrom("", " ", "\n  ", "\t");
  fc.assert(
    fc.property(fc.array(fc.tuple(item, space, fc.boolean())), space, (parts, end) => {
      const list = parts.map(([it, before]) => before + JSON.stringify(it) + before).join(",");
      const items = new Set(parts.flatMap(([, , isRemoved], at) => (isRemoved ? [at] : [])));
      const text = `[0, [${list}${end}], 1]`;
      const kept = parts.flatMap(([it, , isRemoved]) => (isRemoved ? [] : [it]));
      expect(JSON.parse(removeItems(text, [{ path: [1], items }]))).toEqual([0, kept, 1]);
    }),
    runs(300),
  );
});
