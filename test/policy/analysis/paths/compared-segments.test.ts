import { expect, it } from "vitest";
import { comparedSegments } from "../../../../src/policy/analysis/paths/compared-segments.ts";

it.each([
  { path: "/", expected: [] },
  { path: "/a/b", expected: ["a", "b"] },
  { path: "/a/", expected: ["a", ""] },
  { path: "/%40me/x%2Fy", expected: ["@me", "x/y"] },
  { path: "/a;v=1;w=2/b%3Bv", expected: ["a", "b"] },
])("compares $path as $expected", ({ path, expected }) => {
  expect(comparedSegments(path)).toEqual(expected);
});
