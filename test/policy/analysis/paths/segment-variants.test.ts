import { describe, expect, it } from "vitest";
import {
  nonEmptySubsets,
  PATH_PARAMETERS,
  withSuffix,
} from "../../../../src/policy/analysis/paths/segment-variants.ts";

describe("withSuffix", () => {
  it.each([
    { name: "the first segment", path: "/a/b", segments: [0], expected: "/a;v=1/b" },
    { name: "several segments", path: "/a/b/c", segments: [0, 2], expected: "/a;v=1/b/c;v=1" },
    { name: "the last segment before a slash", path: "/a/b/", segments: [1], expected: "/a/b;v=1/" },
    { name: "no segment", path: "/a", segments: [], expected: "/a" },
  ])("puts a text behind $name", ({ path, segments, expected }) => {
    expect(withSuffix(path, segments, PATH_PARAMETERS)).toBe(expected);
  });
});

describe("nonEmptySubsets", () => {
  it("gives every choice once, the smallest first", () => {
    expect(nonEmptySubsets([1, 3, 5])).toEqual([[1], [3], [5], [1, 3], [1, 5], [3, 5], [1, 3, 5]]);
  });

  it("gives none of no segments", () => {
    expect(nonEmptySubsets([])).toEqual([]);
  });

  it.each([
    { name: "at the limit", count: 8, fails: false },
    { name: "beyond the limit", count: 9, fails: true },
  ])("decides $name", ({ count, fails }) => {
    const choose = () => nonEmptySubsets([...Array(count).keys()]);
    if (fails) expect(choose).toThrow(expect.objectContaining({ code: "too-many-path-classes" }));
    else expect(choose()).toHaveLength(2 ** count - 1);
  });
});
