import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { membersOf, membersWritten } from "../../src/json/members.ts";

const LEVELS = 1_000;

describe("membersWritten and membersOf", () => {
  it("are equal for every JSON text that has no member twice", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(membersWritten(text, LEVELS)).toBe(membersOf(JSON.parse(text)));
      }),
    );
  });

  it.each([
    { name: "a member twice", text: '{"a":1,"a":2}', written: 2, left: 1 },
    { name: "a member twice, once escaped", text: String.raw`{"a":1,"\u0061":1}`, written: 2, left: 1 },
    { name: "a member twice, whose first value is lost", text: '{"a":{"b":1,"c":2},"a":1}', written: 4, left: 1 },
    { name: "colons and quotes in strings", text: String.raw`{"a:\"":":\\"}`, written: 1, left: 1 },
    { name: "an array", text: '[{"a":1},{"a":1}]', written: 2, left: 2 },
  ])("count $name", ({ text, written, left }) => {
    expect([membersWritten(text, LEVELS), membersOf(JSON.parse(text))]).toEqual([written, left]);
  });

  it.each([
    { name: "as deep as it may be", text: '[{"a":[]}]', levels: 3, written: 1 },
    { name: "one level deeper", text: '[{"a":[]}]', levels: 2, written: undefined },
    { name: "never closed", text: "[".repeat(100_000), levels: 64, written: undefined },
    { name: "of brackets in a string", text: '"[[[["', levels: 0, written: 0 },
  ])("know nesting that is $name", ({ text, levels, written }) => {
    expect(membersWritten(text, levels)).toBe(written);
  });

  it.each([
    { name: "a long string", text: `"${"a".repeat(30_000_000)}"` },
    { name: "a string of backslashes", text: `"${"\\\\".repeat(15_000_000)}"` },
  ])("read $name", ({ text }) => {
    expect(membersWritten(text, LEVELS)).toBe(0);
  });
});
