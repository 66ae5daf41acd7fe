import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { insertJson } from "../../../src/policy/source/insert-json.ts";

describe("what is there stays as it is", () => {
  test.each([
    {
      name: "in a list of one line per item",
      text: '{\n  "a": [\n    {"b":1},\n    2\n  ] }\n',
      path: ["a"],
      entries: [[undefined, { c: [3, "]"] }] as const],
      expected: '{\n  "a": [\n    {"b":1},\n    2,\n    { "c": [3, "]"] }\n  ] }\n',
    },
    {
      name: "in a list on one line",
      text: '{ "a": [1,2] }',
      path: ["a"],
      entries: [[undefined, 3] as const, [undefined, 4] as const],
      expected: '{ "a": [1,2, 3, 4] }',
    },
    {
      name: "in an empty list",
      text: '{\n    "a": []\n}',
      path: ["a"],
      entries: [[undefined, 1] as const],
      expected: '{\n    "a": [\n      1\n    ]\n}',
    },
    {
      name: "in an object further down, past others that look like it",
      text: '{\n\t"a": { "b": {} },\n\t"b": { "a": { "b": "}" } },\n\t"c": [[], { "a": 1 }]\n}',
      path: ["c", 1],
      entries: [["b", null] as const],
      expected: '{\n\t"a": { "b": {} },\n\t"b": { "a": { "b": "}" } },\n\t"c": [[], { "a": 1, "b": null }]\n}',
    },
    {
      name: "at the root",
      text: '{\r\n  "a": 1\r\n}\r\n',
      path: [],
      entries: [["b", {}] as const],
      expected: '{\r\n  "a": 1,\r\n  "b": {}\r\n}\r\n',
    },
    { name: "where nothing is added", text: '{"a":[1 ]}', path: ["a"], entries: [], expected: '{"a":[1 ]}' },
  ])("$name", ({ text, path, entries, expected }) => {
    expect(insertJson(text, { path, entries })).toBe(expected);
  });
});

describe("a value", () => {
  const item = (length: number) =>
    insertJson('{\n  "a": [\n    1\n  ]\n}', { path: ["a"], entries: [[undefined, ["x".repeat(length), 2]]] });
  // Four spaces, `["`, the text, `", 2]` and the comma that may follow.
  test("of 120 columns stays on one line, of one more does not", () => {
    expect(item(120 - 4 - 2 - 5 - 1).split("\n")).toHaveLength(6);
    expect(item(120 - 4 - 2 - 5).split("\n")).toHaveLength(9);
  });
});

test("there is nothing to add to where there is no object or array", () => {
  expect(() => insertJson('{ "a": 1 }', { path: ["a"], entries: [["b", 1]] })).toThrow(TypeError);
});

test("the result is what was there and what was added, in any text", () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), fc.array(value), value, fc.nat(4), (file, list, added, indent) => {
      const text = JSON.stringify({ ...file, list }, null, indent);
      const result = JSON.parse(insertJson(text, { path: ["list"], entries: [[undefined, added]] }));
      expect(result).toEqual(JSON.parse(JSON.stringify({ ...file, list: [...list, added] })));
    }),
    { numRuns: 300 },
  );
});
