import { describe, expect, it } from "vitest";
import { LiteralSpellings } from "../../../../../src/policy/analysis/lint/siblings/literal-spellings.ts";

describe("a spelling that no pattern has", () => {
  it.each([
    { literal: "export", others: [], expected: "Export" },
    { literal: "Export", others: [], expected: "EXPORT" },
    { literal: "EXPORT", others: [], expected: "export" },
    { literal: "ab", others: ["Ab", "AB"], expected: "aB" },
    { literal: "a", others: ["A"], expected: undefined },
    { literal: "123", others: [], expected: undefined },
    { literal: "\u304c", others: [], expected: "\u304b\u3099" },
    { literal: "", others: [], expected: undefined },
  ])("of `$literal` beside $others is $expected", ({ literal, others, expected }) => {
    expect(new LiteralSpellings(new Set([literal, ...others])).undeclared(literal)).toBe(expected);
  });
});

describe("other literals that are read alike", () => {
  it.each([
    { literal: "a", others: ["b", "ab"], expected: [] },
    { literal: "a", others: ["A"], expected: ["A"] },
    { literal: "\u00e9", others: ["e\u0301", "E\u0301", "e"], expected: ["e\u0301", "E\u0301"] },
  ])("of `$literal` beside $others are $expected", ({ literal, others, expected }) => {
    expect(new LiteralSpellings(new Set([literal, ...others])).declared(literal)).toEqual(expected);
  });
});
