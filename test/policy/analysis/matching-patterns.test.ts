import fc from "fast-check";
import { expect, it } from "vitest";
import { matchingPatterns, whyMoreSpecific } from "../../../src/policy/analysis/matching-patterns.ts";
import { routeTree } from "../../../src/policy/analysis/route-tree.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";
import { ALL_PATHS, pattern, runs } from "../../support/policy/random-policy.ts";

function policyOf(patterns: readonly string[]) {
  const routes = patterns.map((path) => ({ path, methods: ["GET"], public: true, upstream: "orders" }));
  return compiled(policyFileWith({ routes }));
}

const PATTERNS = ["/orders/export", "/orders/:id", "/orders/*", "/*", "/:a/:b", "/", "/orders/:id/lines"];

it.each([
  { path: "/orders/export", expected: ["/orders/export", "/orders/:", "/orders/*", "/:/:", "/*"] },
  { path: "/orders/7", expected: ["/orders/:", "/orders/*", "/:/:", "/*"] },
  { path: "/orders/7/lines", expected: ["/orders/:/lines", "/orders/*", "/*"] },
  { path: "/orders/export;v=1", expected: ["/orders/export", "/orders/:", "/orders/*", "/:/:", "/*"] },
  { path: "/orders/", expected: ["/*"] },
  { path: "/", expected: ["/"] },
  { path: "/orders/%40me", expected: ["/orders/:", "/orders/*", "/:/:", "/*"] },
])("finds all that match $path, the most specific first", ({ path, expected }) => {
  expect(matchingPatterns(routeTree(policyOf(PATTERNS)), path).map(({ leaf }) => leaf.shape)).toEqual(expected);
});

const SLASHES = ["/orders/", "/orders/:id/", "/orders/7/", "/orders/*", "/:a/", "/*", "/orders"];

it.each([
  { path: "/orders/", expected: ["/orders/", "/:/", "/*"] },
  { path: "/orders", expected: ["/orders", "/*"] },
  { path: "/orders/7/", expected: ["/orders/7/", "/orders/:/", "/orders/*", "/*"] },
  { path: "/orders/7", expected: ["/orders/*", "/*"] },
  { path: "/orders;v=1/", expected: ["/orders/", "/:/", "/*"] },
  { path: "/", expected: [] },
])("finds all that match $path where patterns end with a slash", ({ path, expected }) => {
  expect(matchingPatterns(routeTree(policyOf(SLASHES)), path).map(({ leaf }) => leaf.shape)).toEqual(expected);
});

it.each([
  { path: "/orders/7%2Fx", expected: ["/orders/:", "/orders/*", "/:/:", "/*"] },
  { path: "/orders%2F7", expected: ["/*"] },
])("takes an encoded slash in $path for no literal", ({ path, expected }) => {
  const policy = policyOf(PATTERNS);
  expect(matchingPatterns(routeTree(policy), path).map(({ leaf }) => leaf.shape)).toEqual(expected);
  expect(policy.table.match(path)?.shape).toBe(expected[0]);
});

it("says at which segment a pattern is more specific", () => {
  const [winner, ...others] = matchingPatterns(routeTree(policyOf(PATTERNS)), "/orders/7");
  if (winner === undefined) throw new Error("nothing matched");
  expect(others.map((other) => whyMoreSpecific(winner, other))).toEqual([
    "Its segment 2 is a `*`, and a `:name` is more specific.",
    "Its segment 1 is a `:name`, and a literal is more specific.",
    "Its segment 1 is a `*`, and a literal is more specific.",
  ]);
});

it("has first what the gateway matches, and all that match alone", () => {
  const patterns = fc.uniqueArray(pattern, { minLength: 1, maxLength: 6, selector: (it) => it.replace(/:p\d/g, ":") });
  fc.assert(
    fc.property(patterns, fc.constantFrom(...ALL_PATHS), (list, path) => {
      const policy = policyOf(list);
      const { table } = policy;
      const found = matchingPatterns(routeTree(policy), path);
      expect(found[0]?.leaf).toBe(table.match(path));
      const alone = list.filter((it) => policyOf([it]).table.match(path)).map((it) => it.replace(/:p\d/g, ":"));
      expect(found.map(({ leaf }) => leaf.shape).toSorted()).toEqual(alone.toSorted());
    }),
    runs(500),
  );
});
