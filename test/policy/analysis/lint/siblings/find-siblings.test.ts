import { expect, it } from "vitest";
import { findSiblings } from "../../../../../src/policy/analysis/lint/siblings/find-siblings.ts";
import { COLLECTION } from "../../../../support/policy/lints.ts";
import { compiled, policyFileWith } from "../../../../support/policy/policy-file.ts";

const policyOf = (...paths: string[]) =>
  compiled(policyFileWith({ routes: paths.map((path) => ({ ...COLLECTION, path })) }));

it("says that it was cut short, one path below a `*` after its limit", () => {
  // Below `/s/*` there are three patterns of `/:any`: two literals and a `:name`.
  const paths = ["/s/*", "/:any/a", "/:any/b", "/:any/:id"];
  expect(findSiblings(policyOf(...paths), 3).isComplete).toBe(true);
  expect(findSiblings(policyOf(...paths), 2).isComplete).toBe(false);
});

it("still finds the siblings before its limit", () => {
  const { siblings } = findSiblings(policyOf("/s/*", "/:any/a", "/:any/:id"), 0);
  expect(siblings.map(({ path }) => path)).toContain("/S/~any~");
});

it("finds each pair of routes once", () => {
  const siblings = findSiblings(policyOf("/s/t", "/s/t/", "/:any/:id", "/*")).siblings;
  const pairs = siblings.map(({ own, other }) => `${own.shape} ${other.shape}`);
  expect(pairs).toEqual([...new Set(pairs)]);
});

/** Every pattern of 12 segments that are `a` or `:name`. Each overlaps with every other. */
const OVERLAPPING = Array.from({ length: 4_096 }, (_, bits) =>
  Array.from({ length: 12 }, (_, at) => (bits & (1 << at) ? `/:p${at}` : "/a")).join(""),
);

it("takes each pattern that another spelling leads to, under the heaviest overlap", () => {
  const { siblings, isComplete } = findSiblings(policyOf(...OVERLAPPING));
  expect(isComplete).toBe(true);
  // Each `a` of a pattern spelled differently leads to the pattern with a `:name` there, and all of them to the last.
  const oneDiffers = 12 * 2 ** 11;
  const allDiffer = 2 ** 12 - 12 - 1;
  expect(siblings).toHaveLength(oneDiffers + allDiffer);
});
