import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NONE, PatternIndex } from "../../../src/policy/routing/pattern-index.ts";

/** The number of each pattern's shape, and the index they are in. */
function indexed(patterns: readonly string[]) {
  const index = new PatternIndex(patterns);
  return { index, numbers: patterns.map((pattern) => index.shapeOf(pattern)) };
}

/** The same with the shapes numbered from 1 as they come. */
function inOrder(numbers: readonly number[]): number[] {
  const order = [...new Set(numbers)];
  return numbers.map((number) => order.indexOf(number) + 1);
}

describe("patterns of one shape have one number", () => {
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
    const { index, numbers } = indexed(input);
    expect(numbers).not.toContain(NONE);
    expect(inOrder(numbers)).toEqual(expected);
    // Each shape has its patterns, in the order of the list.
    const places = numbers.map((number) => numbers.flatMap((other, at) => (other === number ? [at] : [])));
    expect(numbers.map((number) => index.patternsOf(number))).toEqual(places);
  });
});

test("nothing is found in an empty one", () => {
  const { index } = indexed([]);
  for (const path of ["/", "/a", "/a/", "/a/b"]) {
    expect(index.find(path)).toBe(NONE);
    expect(index.shapeOf(path)).toBe(NONE);
  }
  expect(index.patternsOf(NONE)).toEqual([]);
});

test("a shape that no pattern has is not found by a pattern that leads near it", () => {
  const { index } = indexed(["/a/b", "/a/:x/c", "/d/*"]);
  for (const pattern of ["/", "/a", "/a/:x", "/a/b/", "/a/b/c", "/d", "/d/:x", "/a/*", "/:x/b"]) {
    expect(index.shapeOf(pattern)).toBe(NONE);
  }
});

describe("a damaged pattern lets no looser one serve in its place", () => {
  test.each([
    { name: "a malformed escape", damaged: "/a/%zz" },
    { name: "no slash in front", damaged: "a/b" },
    { name: "no text", damaged: "" },
    { name: "null", damaged: null },
    { name: "a number", damaged: 7 },
  ])("$name", ({ damaged }) => {
    const index = new PatternIndex(["/a/b", damaged as string, "/a/c", "/:x/:y", "/*"]);
    for (const path of ["/a/b", "/a/x", "/a/c", "/a/b"]) expect(() => index.find(path)).toThrow();
    expect(() => index.shapeOf("/a/c")).toThrow();
  });

  test("an empty segment in a pattern takes no other pattern from its place", () => {
    const index = new PatternIndex(["//x", "/a/b", "/a//b", "/a/", "/:x"]);
    expect(["/a/b", "/a/", "/a"].map((path) => index.patternsOf(index.find(path)))).toEqual([[1], [3], [4]]);
  });

  test("elsewhere, the others are found", () => {
    const index = new PatternIndex(["/a/%zz", "/b/:x"]);
    expect(() => index.find("/a/b")).toThrow();
    expect(index.find("/b/7")).not.toBe(NONE);
    expect(() => index.find("/a/b")).toThrow("The compiled policy has a damaged path. Build it again.");
  });
});

test("the order in which paths are asked for plays no part", () => {
  const patterns = [
    "/",
    "/a",
    "/a/",
    "/a/:x",
    "/a/b",
    "/a/b/*",
    "/:x/b/c",
    "/:x",
    "/c/:y/d",
    "/c/:z/d",
    "/%40me",
    "/@me",
  ];
  const paths = ["/", "/a", "/a/", "/a/b", "/a/c", "/a/b/c", "/z/b/c", "/z", "/c/1/d", "/@me", "/a/b/", "/c", "/z/b"];
  const named = (order: readonly string[]): Map<string, unknown> => {
    const index = new PatternIndex(patterns);
    return new Map(order.map((path) => [path, index.patternsOf(index.find(path))]));
  };
  const straight = named(paths);
  fc.assert(
    fc.property(fc.shuffledSubarray(paths, { minLength: paths.length }), (order) => {
      const found = named(order);
      for (const path of paths) expect(found.get(path)).toEqual(straight.get(path));
    }),
  );
});

test("literals with names that every object has are literals like any other", () => {
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
  const { index, numbers } = indexed(["/constructor", "/__proto__/:x"]);
  expect(names.map((name) => index.find(`/${name}`))).toEqual([NONE, numbers[0], NONE, NONE]);
  expect(names.map((name) => index.find(`/${name}/y`))).toEqual([numbers[1], NONE, NONE, NONE]);
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
      expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, at) => at + 1));
      expect(Array.from({ length: size }, (_, at) => index.find(path(at)))).toEqual(numbers);
      expect(index.find(path(size))).toBe(NONE);
      expect(index.find(`/q${path(0)}`)).toBe(NONE);
    }
  });
});

test("an empty segment that is not the last matches no trailing slash, though no canonical path has one", () => {
  const { index, numbers } = indexed(["/", "/a/", "/:x/"]);
  expect(["//", "/a//", "/a//b", "//a"].map((path) => index.find(path))).toEqual(Array(4).fill(NONE));
  expect(["/", "/a/", "/b/"].map((path) => index.find(path))).toEqual(numbers);
});

test("a known literal leads nowhere from where it was not added", () => {
  const { index, numbers } = indexed(["/a/b", "/c/d", "/:x/e"]);
  expect(["/a/d", "/c/b", "/b", "/d", "/a/a"].map((path) => index.find(path))).toEqual(Array(5).fill(NONE));
  const [ab, cd, xe] = numbers;
  expect(["/a/b", "/c/d", "/a/e", "/c/e", "/b/e"].map((path) => index.find(path))).toEqual([ab, cd, xe, xe, xe]);
});
