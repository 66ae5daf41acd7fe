import { describe, expect, it } from "vitest";
import { escapeControlCharacters, findControlCharacter } from "../../src/policy/control-characters.ts";

/** By the properties that Unicode gives the characters. */
const CONTROL = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

describe("findControlCharacter", () => {
  it("finds exactly the controls, the direction marks and the separators of Unicode", () => {
    const wrong: string[] = [];
    for (let code = 0; code <= 0x10ffff; code += 1) {
      const text = String.fromCodePoint(code);
      if ((findControlCharacter(text) !== undefined) !== CONTROL.test(text)) wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
  });

  it("finds the first one", () => {
    expect(findControlCharacter("a\u202eb\u001b")).toBe("\u202e");
    expect(findControlCharacter("a b ü 😀")).toBeUndefined();
  });
});

describe("escapeControlCharacters", () => {
  it("writes each of them out, and nothing else", () => {
    expect(escapeControlCharacters("ü\u001b[2J 😀\u2066\r\n")).toBe("ü\\u{1b}[2J 😀\\u{2066}\\u{d}\\u{a}");
  });
});
