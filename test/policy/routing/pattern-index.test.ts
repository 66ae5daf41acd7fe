import { describe, expect, test } from "vitest";
import { NONE, PatternIndex } from "../../../src/policy/routing/pattern-index.ts";

/** The number of each pattern's shape, and the index they are in. */
function indexed(patterns: readonly string[]) {
  const index = new PatternIndex();
  return { index, numbers: patterns.map((pattern) => index.add(pattern)) };
}

describe("shapes are numbered from 1 as they come", () => {
  test.each([
    { name: "patterns of different shapes", input: ["/", "/a", "/a/:x", "/a/*", "/:x"], expected: [1, 2, 3, 4, 5] },
    { name: "one shape with parameters of different names", input: ["/a/:x/b", "/a", "/a/:y/b"], expected: [1, 2, 1] },
    { name: "one shape however its literals are spelled", input: ["/@me/x", "/%40me/x"], expected: [1, 1] },
    { name: "a colon that is meant literally", input: ["/:id", "/%3Aid", "/:other"], expected: [1, 2, 1] },
    { name: "an asterisk that is meant literally", input: ["/a/*", "/a/%2A", "/a/*"], expected: [1, 2, 1] },
    {
      name: "a path with and without a slash",
      input: ["/a", "/a/", "/", "/:x/", "/a/:x", "/a/:y/"],
      expected: [1, 2, 3, 4, 5, 6],
    },
    { name: "one shape with a slash", input: ["/a/:x/", "/@me/", "/a/:y/", "/%40me/"], expected: [1, 2, 1, 2] },
    { name: "a path and all beneath it", input: ["/a/*", "/a", "/a/*"], expected: [1, 2, 1] },
  ])("$name", ({ input, expected }) => {
    expect(indexed(input).numbers).toEqual(expected);
  });
});

test("nothing is found in an empty one", () => {
  const { index } = indexed([]);
  for (const path of ["/", "/a", "/a/", "/a/b"]) expect(index.find(path)).toBe(NONE);
});

test("literals with names that every object has are literals like any other", () => {
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
  const { index } = indexed(["/constructor", "/__proto__/:x"]);
  expect(names.map((name) => index.find(`/${name}`))).toEqual([NONE, 1, NONE, NONE]);
  expect(names.map((name) => index.find(`/${name}/y`))).toEqual([2, NONE, NONE, NONE]);
});

describe("each is found however many there are, and nothing else is", () => {
  // Every size at which the arrays may have to grow, and those beside them.
  const sizes = Array.from({ length: 40 }, (_, at) => at + 1).concat(63, 64, 65, 127, 128, 129, 1_000, 3_000);
  test.each([
    { name: "literals side by side", pattern: (at: number) => `/p${at}`, path: (at: number) => `/p${at}` },
    {
      name: "the same literals beneath others",
      pattern: (at: number) => `/a${at % 50}/b${at}/:id/items`,
      path: (at: number) => `/a${at % 50}/b${at}/4711/items`,
    },
    {
      name: "parameters beneath parameters",
      pattern: (at: number) => `/x${Array.from({ length: at % 60 }, (_, deep) => `/:p${deep}`).join("")}/y${at}`,
      path: (at: number) => `/x${"/z".repeat(at % 60)}/y${at}`,
    },
    { name: "wildcards", pattern: (at: number) => `/p${at}/*`, path: (at: number) => `/p${at}/b/c` },
    { name: "trailing slashes", pattern: (at: number) => `/p${at}/`, path: (at: number) => `/p${at}/` },
    {
      name: "trailing slashes behind parameters",
      pattern: (at: number) => `/p${at}/:id/`,
      path: (at: number) => `/p${at}/4711/`,
    },
  ])("$name", ({ pattern, path }) => {
    for (const size of sizes) {
      const { index, numbers } = indexed(Array.from({ length: size }, (_, at) => pattern(at)));
      expect(numbers).toEqual(Array.from({ length: size }, (_, at) => at + 1));
      expect(Array.from({ length: size }, (_, at) => index.find(path(at)))).toEqual(numbers);
      expect(index.find(path(size))).toBe(NONE);
      expect(index.find(`/q${path(0)}`)).toBe(NONE);
    }
  });
});

test("an empty segment that is not the last matches no trailing slash, though no canonical path has one", () => {
  const { index } = indexed(["/", "/a/", "/:x/"]);
  expect(["//", "/a//", "/a//b", "//a"].map((path) => index.find(path))).toEqual(Array(4).fill(NONE));
  expect(["/", "/a/", "/b/"].map((path) => index.find(path))).toEqual([1, 2, 3]);
});

test("a known literal leads nowhere from where it was not added", () => {
  const { index } = indexed(["/a/b", "/c/d", "/:x/e"]);
  expect(["/a/d", "/c/b", "/b", "/d", "/a/a"].map((path) => index.find(path))).toEqual(Array(5).fill(NONE));
  expect(["/a/b", "/c/d", "/a/e", "/c/e", "/b/e"].map((path) => index.find(path))).toEqual([1, 2, 3, 3, 3]);
});
