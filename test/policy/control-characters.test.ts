import { describe, expect, it } from "vitest";
import { escapeControlCharacters, findControlCharacter } from "../../src/policy/control-characters.ts";

describe("a control character", () => {
  it.each([
    { name: "the first of C0", input: "\u0000", expected: "\\u{0}" },
    { name: "a line break", input: "\n", expected: "\\u{a}" },
    { name: "a carriage return", input: "\r", expected: "\\u{d}" },
    { name: "the escape of terminals", input: "\u001b", expected: "\\u{1b}" },
    { name: "the last of C0", input: "\u001f", expected: "\\u{1f}" },
    { name: "DEL", input: "\u007f", expected: "\\u{7f}" },
    { name: "the first of C1", input: "\u0080", expected: "\\u{80}" },
    { name: "the escape of C1", input: "\u009b", expected: "\\u{9b}" },
    { name: "the last of C1", input: "\u009f", expected: "\\u{9f}" },
    { name: "the Arabic letter mark", input: "\u061c", expected: "\\u{61c}" },
    { name: "a right-to-left mark", input: "\u200f", expected: "\\u{200f}" },
    { name: "an override", input: "\u202e", expected: "\\u{202e}" },
    { name: "an isolate", input: "\u2066", expected: "\\u{2066}" },
    { name: "the end of an isolate", input: "\u2069", expected: "\\u{2069}" },
    { name: "a line separator", input: "\u2028", expected: "\\u{2028}" },
    { name: "a paragraph separator", input: "\u2029", expected: "\\u{2029}" },
  ])("is $name", ({ input, expected }) => {
    expect(findControlCharacter(`a${input}b`)).toBe(input);
    expect(escapeControlCharacters(`a${input}b${input}`)).toBe(`a${expected}b${expected}`);
  });

  it.each([" ", "~", "\u00a0", "\u00e9", "\u05d0", "\u0627", "\u200d", "\u2065", "\u206a", "\u{1f600}"])(
    "is not %j",
    (input) => {
      expect(findControlCharacter(`a${input}b`)).toBeUndefined();
      expect(escapeControlCharacters(`a${input}b`)).toBe(`a${input}b`);
    },
  );
});
