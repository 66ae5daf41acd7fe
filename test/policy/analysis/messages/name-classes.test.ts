import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { type NameKind, nameClasses, takesName } from "../../../../src/policy/analysis/messages/name-classes.ts";
import { isNormalUri, normalUriFrom } from "../../../../src/policy/mcp/resource-uri.ts";

const KIND: NameKind = { exempt: [], characters: "xab", complete: (text) => text };

describe("the classes of names", () => {
  it.each<{ name: string; patterns: readonly string[]; exempt?: readonly string[]; expected: readonly string[] }>([
    { name: "of no patterns are none", patterns: [], expected: [] },
    { name: "are one for each exact name", patterns: ["a", "b"], expected: ["a: a", "b: b"] },
    { name: "are one for a pattern that is there twice", patterns: ["a", "a"], expected: ["a: a"] },
    { name: "have an example behind a prefix", patterns: ["a*"], expected: ["a*: ax"] },
    { name: "have an example of every name", patterns: ["*"], expected: ["*: x"] },
    { name: "leave out names that are listed", patterns: ["a*", "ax"], expected: ["a*: aa", "ax: ax"] },
    { name: "leave out longer prefixes", patterns: ["a*", "ax*", "axb"], expected: ["a*: aa", "ax*: axx", "axb: axb"] },
    {
      name: "look behind names that are listed",
      patterns: ["*", "x", "a", "b*"],
      expected: ["*: xx", "x: x", "a: a", "b*: bx"],
    },
    {
      name: "may have the prefix itself as the only name",
      patterns: ["*", "x*", "a*", "b*"],
      expected: ["*: ", "x*: xx", "a*: ax", "b*: bx"],
    },
    {
      name: "have none for a prefix that others take whole",
      patterns: ["*", "x*", "a*", "b*", ""],
      expected: ["x*: xx", "a*: ax", "b*: bx", ": "],
    },
    { name: "have none for an exempt name", patterns: ["a"], exempt: ["a"], expected: [] },
    { name: "leave exempt names out of a prefix", patterns: ["a*"], exempt: ["ax"], expected: ["a*: aa"] },
  ])("$name", ({ patterns, exempt = [], expected }) => {
    const classes = nameClasses(patterns, { ...KIND, exempt });
    expect(classes.map(({ pattern, name }) => `${pattern}: ${name}`)).toEqual(expected);
  });

  it("of URIs have examples in normal form", () => {
    const patterns = ["o*", "orders:*", "orders://*", "https://a*", "file:///srv/*", "urn:x:*", "https://h:*"];
    const classes = nameClasses(patterns, { exempt: [], characters: "x9a", complete: normalUriFrom });
    expect(classes.map(({ pattern }) => pattern)).toEqual(patterns);
    for (const { name } of classes) expect([name, isNormalUri(name)]).toEqual([name, true]);
  });
});

test("each name belongs to the class of its longest pattern, and each class with names has an example", () => {
  const text = fc.string({ unit: fc.constantFrom("x", "a", "b"), maxLength: 3 });
  const pattern = fc.tuple(text, fc.constantFrom("", "*")).map((parts) => parts.join(""));
  const names = everyName(["x", "a", "b"], 5);
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 12 }), (patterns) => {
      const decides = (name: string): string | undefined =>
        patterns.filter((it) => takesName(it, name)).sort((one, other) => lengthOf(other) - lengthOf(one))[0];
      const classes = nameClasses(patterns, KIND);
      for (const { pattern: own, name } of classes) expect([name, decides(name)]).toEqual([name, own]);
      const found = new Set(classes.map((it) => it.pattern));
      for (const name of names) {
        const own = decides(name);
        if (own !== undefined) expect([name, own, found.has(own)]).toEqual([name, own, true]);
      }
    }),
  );
});

/** An exact name is longer than a prefix of the same length. */
function lengthOf(pattern: string): number {
  return pattern.endsWith("*") ? pattern.length - 1 : pattern.length + 0.5;
}

function everyName(letters: readonly string[], length: number): readonly string[] {
  const shorter = length === 0 ? [] : everyName(letters, length - 1);
  const longest = shorter.filter((it) => it.length === length - 1);
  return length === 0 ? [""] : [...shorter, ...longest.flatMap((it) => letters.map((letter) => it + letter))];
}
