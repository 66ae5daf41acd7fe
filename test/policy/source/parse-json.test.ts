import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePolicyFile } from "../../../src/policy/source/parse-json.ts";

function faultOf(text: string): string | undefined {
  const result = parsePolicyFile(text);
  if ("value" in result) return undefined;
  const { path, message, hint, position } = result.fault;
  expect(path).toEqual([]);
  return `${position.line}:${position.column}: ${message} ${hint}`;
}

describe("what is not JSON is one fault with its position", () => {
  test.each([
    {
      name: "nothing",
      input: "",
      expected: "1:1: This is not JSON. The file ends too early. Expected a value.",
    },
    {
      name: "an open object",
      input: '{\n  "a": 1',
      expected: "2:9: This is not JSON. The file ends too early. Expected `,` or a closing bracket.",
    },
    {
      name: "a trailing comma",
      input: '{\n  "a": 1,\n}',
      expected: '3:1: This is not JSON. `}` begins nothing that fits here. Expected a name in `"`.',
    },
    {
      name: "a trailing comma in an array",
      input: "[1,]",
      expected: "1:4: This is not JSON. `]` begins nothing that fits here. Expected a value.",
    },
    {
      name: "a missing comma",
      input: "[1 2]",
      expected: "1:4: This is not JSON. `2` begins nothing that fits here. Expected `,` or a closing bracket.",
    },
    {
      name: "a missing colon",
      input: '{"a" 1}',
      expected: "1:6: This is not JSON. `1` begins nothing that fits here. Expected `:`.",
    },
    {
      name: "a bare name",
      input: "{a: 1}",
      expected: '1:2: This is not JSON. `a` begins nothing that fits here. Expected a name in `"` or `}`.',
    },
    {
      name: "a comment",
      input: "{\n// no\n}",
      expected: '2:1: This is not JSON. `/` begins nothing that fits here. Expected a name in `"` or `}`.',
    },
    {
      name: "a line feed in a string",
      input: '["a\nb"]',
      expected: '1:2: This is not JSON. `"` begins nothing that fits here. Expected a value or `]`.',
    },
    {
      name: "the wrong bracket",
      input: '{"a":[1}',
      expected: "1:8: This is not JSON. `}` begins nothing that fits here. Expected `,` or a closing bracket.",
    },
    {
      name: "a number with a leading zero",
      input: "[01]",
      expected: "1:2: This is not JSON. `0` begins nothing that fits here. Expected a value or `]`.",
    },
    {
      name: "more than one value",
      input: "{} {}",
      expected: "1:4: This is not JSON. `{` begins nothing that fits here. Expected the end.",
    },
    {
      name: "a byte order mark",
      input: "\ufeff{}",
      expected: "1:1: This is not JSON. `\ufeff` begins nothing that fits here. Expected a value.",
    },
    {
      name: "a name twice",
      input: '{"a": 1,\n "a": 2}',
      expected: '2:2: The member "a" is there twice. Leave one out.',
    },
    {
      name: "a name twice in two spellings",
      input: '{"a":1,"\\u0061":2}',
      expected: '1:8: The member "\\u0061" is there twice. Leave one out.',
    },
  ])("$name", ({ input, expected }) => {
    expect(faultOf(input)).toBe(expected);
  });
});

test("one name in two objects is not a name twice", () => {
  expect(parsePolicyFile('[{"a":1},{"a":{"a":2}}]')).toEqual({ value: [{ a: 1 }, { a: { a: 2 } }] });
});

test("a file nested a hundred thousand levels deep is read without exhausting the stack", () => {
  expect(faultOf("[".repeat(100_000) + "]".repeat(100_000))).toBeUndefined();
});

test("what JSON.parse takes and refuses is taken and refused, with the same value", () => {
  const text = fc.oneof(
    fc.json(),
    fc
      .array(fc.constantFrom(...'{}[],:"\\ 019.-+eE\n\u0000é\u007f\u0085ua', "true", "null", '"a"'), { maxLength: 8 })
      .map((it) => it.join("")),
  );
  fc.assert(
    fc.property(text, (input) => {
      const result = parsePolicyFile(input);
      if ("value" in result) expect(result.value).toEqual(JSON.parse(input));
      else if (!result.fault.message.includes("twice")) expect(() => JSON.parse(input)).toThrow();
    }),
    { numRuns: 3_000 },
  );
});
