import { expect, it } from "vitest";
import { isOwnHeaderValue } from "../../src/http/own-header-value.ts";

it.each([
  { name: "one character", input: "a", expected: true },
  { name: "a space inside", input: "Bearer a", expected: true },
  { name: "every printable character", input: "!~", expected: true },
  { name: "nothing", input: "", expected: false },
  { name: "a space alone", input: " ", expected: false },
  { name: "a space before", input: " a", expected: false },
  { name: "a space after", input: "a ", expected: false },
  { name: "a tab", input: "a\tb", expected: false },
  { name: "a line break inside", input: "a\nb", expected: false },
  { name: "a line break at the end", input: "a\n", expected: false },
  { name: "a carriage return", input: "a\rb", expected: false },
  { name: "NUL", input: "a\0b", expected: false },
  { name: "DEL", input: "a\x7f", expected: false },
  { name: "a letter beyond ASCII", input: "é", expected: false },
])("$name can be a header's value: $expected", ({ input, expected }) => {
  expect(isOwnHeaderValue(input)).toBe(expected);
});
