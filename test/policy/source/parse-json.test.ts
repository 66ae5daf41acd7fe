import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJson } from "../../../src/policy/source/parse-json.ts";

function faultOf(text: string): string | undefined {
  const result = parseJson(text);
  if (result.ok) return undefined;
  const { path, message, hint, position } = result.failure;
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
      expected: '3:1: This is not JSON. Unexpected `}`. Expected a name in `"`.',
    },
    {
      name: "a trailing comma in an array",
      input: "[1,]",
      expected: "1:4: This is not JSON. Unexpected `]`. Expected a value.",
    },
    {
      name: "a missing comma",
      input: "[1 2]",
      expected: "1:4: This is not JSON. Unexpected `2`. Expected `,` or a closing bracket.",
    },
    {
      name: "a missing colon",
      input: '{"a" 1}',
      expected: "1:6: This is not JSON. Unexpected `1`. Expected `:`.",
    },
    {
      name: "a bare name",
      input: "{a: 1}",
      expected: '1:2: This is not JSON. Unexpected `a`. Expected a name in `"` or `}`.',
    },
    {
      name: "a comment",
      input: "{\n// no\n}",
      expected: "2:1: This is not JSON. It has no comments. Remove the comment.",
    },
    {
      name: "a line feed in a string",
      input: '["a\nb"]',
      expected: '1:2: This is not JSON. Unexpected `"`. Expected a value or `]`.',
    },
    {
      name: "the wrong bracket",
      input: '{"a":[1}',
      expected: "1:8: This is not JSON. Unexpected `}`. Expected `,` or a closing bracket.",
    },
    {
      name: "a number with a leading zero",
      input: "[01]",
      expected: "1:2: This is not JSON. Unexpected `0`. Expected a value or `]`.",
    },
    {
      name: "more than one value",
      input: "{} {}",
      expected: "1:4: This is not JSON. Unexpected `{`. Expected the end.",
    },
    {
      name: "a byte order mark",
      input: "\ufeff{}",
      expected: "1:1: This is not JSON. It begins with a byte order mark. Save the file as UTF-8 without one.",
    },
    {
      name: "a file that is not UTF-8",
      input: Buffer.from("\ufeff{}", "utf16le").toString("utf8"),
      expected: "1:1: This is not UTF-8. Save the file as UTF-8.",
    },
    {
      name: "a comment after the value",
      input: "{} /* no */",
      expected: "1:4: This is not JSON. It has no comments. Remove the comment.",
    },
    {
      name: "a name twice",
      input: '{"a": 1,\n "a": 2}',
      expected: '2:2: The member "a" appears twice. Remove one of them.',
    },
    {
      name: "a name twice in two spellings",
      input: '{"a":1,"\\u0061":2}',
      expected: '1:8: The member "\\u0061" appears twice. Remove one of them.',
    },
  ])("$name", ({ input, expected }) => {
    expect(faultOf(input)).toBe(expected);
  });
});

test("one name in two objects is not a name twice", () => {
  expect(parseJson('[{"a":1},{"a":{"a":2}}]')).toEqual({ ok: true, value: [{ a: 1 }, { a: { a: 2 } }] });
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
      const result = parseJson(input);
      if (result.ok) expect(result.value).toEqual(JSON.parse(input));
      else if (!result.failure.message.includes("twice")) expect(() => JSON.parse(input)).toThrow();
    }),
    { numRuns: 3_000 },
  );
});

test("a name twice is refused wherever it is, and nothing else is", () => {
  const name = fc.constantFrom("a", "b", "__proto__", '\\"', ":", "é");
  const value = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom("1", "null", '"a:"', '"\\\\"', '"\\":"'),
      fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(" , ")}]`),
      fc.array(fc.tuple(name, tie("value")), { maxLength: 3 }).map((members) => {
        const names = members.map(([text]) => JSON.stringify(text));
        const isTwice = new Set(names).size < names.length ? '"twice":0' : "";
        const written = members.map(([, member], at) => `${names[at]} :\n${member}`);
        return `{${[...written, isTwice].filter((it) => it !== "").join(",")}}`;
      }),
    ),
  })).value;
  fc.assert(
    fc.property(value, (text) => {
      expect(parseJson(text).ok).toBe(!text.includes('"twice"'));
    }),
    { numRuns: 3_000 },
  );
});
