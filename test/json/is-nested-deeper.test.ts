import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNestedDeeper } from "../../src/json/is-nested-deeper.ts";

/** The same, recursively. */
function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe("isNestedDeeper", () => {
  it.each([
    { name: "a string", value: "a", levels: 0 },
    { name: "null", value: null, levels: 0 },
    { name: "an empty list", value: [], levels: 1 },
    { name: "the deepest of several members", value: { a: 1, b: [{ c: [] }], d: [] }, levels: 4 },
  ])("counts the levels of $name", ({ value, levels }) => {
    expect(isNestedDeeper(value, levels)).toBe(false);
    expect(isNestedDeeper([value], levels)).toBe(true);
  });

  it("counts the levels of any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const levels = depthOf(value);
        expect([isNestedDeeper(value, levels), isNestedDeeper([value], levels)]).toEqual([false, true]);
      }),
    );
  });

  it("takes a value that is nested more deeply than the stack is deep", () => {
    expect(isNestedDeeper(JSON.parse("[".repeat(100_000) + "]".repeat(100_000)), 100)).toBe(true);
  });

  it("looks at a shared part once a level", () => {
    let value: unknown = [];
    for (let level = 1; level < 100; level += 1) value = [value, value];
    expect([isNestedDeeper(value, 100), isNestedDeeper(value, 99)]).toEqual([false, true]);
  });
});
