import { describe, expect, test } from "vitest";
import { jsonTokens } from "../../../src/policy/source/tokens.ts";

const kinds = (text: string): string =>
  Array.from(jsonTokens(text), ({ kind, offset }) => `${kind}@${offset}`).join(" ");

describe("a text is split into tokens", () => {
  test.each([
    { name: "nothing but white space", input: " \t\r\n", expected: "end@4" },
    { name: "marks", input: "{}[],:", expected: "{@0 }@1 [@2 ]@3 ,@4 :@5 end@6" },
    {
      name: "literals",
      input: "-1.5e+3 true false null",
      expected: "literal@0 literal@8 literal@13 literal@19 end@23",
    },
    { name: "a string with marks and escapes", input: '"a\\"{[\\u0041"', expected: "string@0 end@13" },
    { name: "an open string", input: '["a', expected: "[@0 unexpected@1" },
    { name: "a control in a string", input: '"\n"', expected: "unexpected@0" },
    { name: "an escape that there is not", input: '"\\x"', expected: "unexpected@0" },
    { name: "a leading zero", input: "[01]", expected: "[@0 unexpected@1" },
    { name: "white space that JSON has not", input: "\u00a0{}", expected: "unexpected@0" },
  ])("$name", ({ input, expected }) => {
    expect(kinds(input)).toBe(expected);
  });
});

test("two readers of two texts do not disturb each other", () => {
  const [one, other] = [jsonTokens("[1]"), jsonTokens("  {}")];
  expect([one.next(), other.next(), one.next(), other.next()].map(({ value }) => value?.kind)).toEqual([
    "[",
    "{",
    "literal",
    "}",
  ]);
});
