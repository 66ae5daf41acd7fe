import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NameTable } from "../../../src/policy/mcp/name-table.ts";
import type { Requirement } from "../../../src/policy/policy.ts";

const ANY: Requirement = { kind: "authenticated" };
const table = (...patterns: readonly string[]) => new NameTable(patterns.map((pattern) => [pattern, ANY]));

describe("the entry that decides a name", () => {
  it.each([
    { name: "is the name itself", patterns: ["get_order", "get_*"], input: "get_order", expected: "get_order" },
    { name: "is a prefix", patterns: ["get_order", "get_*"], input: "get_orders", expected: "get_*" },
    { name: "is the longest prefix", patterns: ["*", "get_*", "get_o*"], input: "get_order", expected: "get_o*" },
    {
      name: "does not depend on the order",
      patterns: ["get_o*", "*", "get_*"],
      input: "get_order",
      expected: "get_o*",
    },
    {
      name: "is a prefix that is the whole name",
      patterns: ["get_order*"],
      input: "get_order",
      expected: "get_order*",
    },
    { name: "is `*` for every other name", patterns: ["get_*", "*"], input: "delete", expected: "*" },
    { name: "is `*` for the empty name", patterns: ["*"], input: "", expected: "*" },
    { name: "is none for the empty name", patterns: ["a*"], input: "", expected: undefined },
    { name: "is none for a name in another case", patterns: ["get_order"], input: "Get_order", expected: undefined },
    { name: "is none for a shorter name", patterns: ["get_*"], input: "get", expected: undefined },
    { name: "is none for another Unicode form", patterns: ["caf\u00e9"], input: "cafe\u0301", expected: undefined },
    { name: "is none in an empty table", patterns: [], input: "get_order", expected: undefined },
    { name: "is no pattern that a name spells", patterns: ["get_*"], input: "get_*", expected: "get_*" },
    {
      name: "is the longest for a name with a star",
      patterns: ["get_*", "get_**"],
      input: "get_*",
      expected: "get_**",
    },
    { name: "is no member of objects", patterns: ["get_order"], input: "constructor", expected: undefined },
  ])("$name", ({ patterns, input, expected }) => {
    expect(table(...patterns).find(input)?.pattern).toBe(expected);
  });
});

it("the entry is the one that a search through all of them finds", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 5 });
  const pattern = fc.tuple(fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 4 }), fc.constantFrom("", "*"));
  fc.assert(
    fc.property(
      fc.uniqueArray(
        pattern.map(([start, end]) => start + end),
        { maxLength: 8 },
      ),
      text,
      (patterns, input) => {
        const covering = patterns.filter((it) => (it.endsWith("*") ? input.startsWith(it.slice(0, -1)) : it === input));
        const rank = (it: string): number => (it.endsWith("*") ? it.length - 1 : 100);
        const [best] = covering.sort((one, other) => rank(other) - rank(one));
        expect(table(...patterns).find(input)?.pattern).toBe(best);
      },
    ),
  );
});

it("has the requirement of its entry", () => {
  const strict: Requirement = { kind: "authenticated", senderConstrained: true };
  const names = new NameTable([
    ["delete_*", strict],
    ["*", ANY],
  ]);
  expect(names.find("delete_order")).toEqual({ pattern: "delete_*", requirement: strict });
  expect(names.find("get_order")?.requirement).toBe(ANY);
});
