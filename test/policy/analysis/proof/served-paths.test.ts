import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { servedPaths } from "../../../../src/policy/analysis/proof/served-paths.ts";
import { routeTree } from "../../../../src/policy/analysis/route-tree.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";
import { ALL_PATHS, pattern, runs } from "../../../support/policy/random-policy.ts";

function treeOf(patterns: readonly string[]) {
  const shapes = new Set<string>();
  const distinct = patterns.filter((it) => {
    const shape = it.replace(/:\w+/g, ":");
    return !shapes.has(shape) && shapes.add(shape);
  });
  const routes = distinct.map((path) => ({ path, methods: ["GET"], public: true, upstream: "orders" }));
  const policy = compiled(policyFileWith({ routes }));
  return { tree: routeTree(policy), policy };
}

const { tree } = treeOf(["/orders", "/orders/:id", "/orders/:id/items/*", "/products/", "/v1/shops/:id", "/@me"]);

describe("servedPaths", () => {
  it.each([
    { pattern: "/orders", isUnder: false },
    { pattern: "/orders/7", isUnder: false },
    { pattern: "/:any", isUnder: false },
    { pattern: "/orders/*", isUnder: false },
    { pattern: "/orders/7/items/a/b/", isUnder: false },
    { pattern: "/products/", isUnder: false },
    { pattern: "/products", isUnder: true },
    { pattern: "/%40me", isUnder: false },
    { pattern: "/v1", isUnder: true },
    { pattern: "/", isUnder: true },
    { pattern: "/:a/:b/items/7", isUnder: false },
  ])("finds a route for $pattern", ({ pattern: asked, isUnder }) => {
    expect(servedPaths(tree, asked, isUnder)).toEqual({ isServed: true, meant: undefined, nearest: undefined });
  });

  it.each([
    { pattern: "/ordrs", isUnder: true, meant: "/orders", nearest: "/" },
    { pattern: "/Orders", isUnder: false, meant: "/orders", nearest: "/" },
    { pattern: "/ordes/:id/item/x", isUnder: false, meant: "/orders/:id/items/x", nearest: "/" },
    { pattern: "/orders/:id/itms", isUnder: true, meant: "/orders/:id/items", nearest: "/orders/:id" },
    { pattern: "/products", isUnder: false, meant: "/products/", nearest: "/products" },
    { pattern: "/orders/", isUnder: false, meant: "/orders", nearest: "/orders" },
    { pattern: "/v1", isUnder: false, meant: undefined, nearest: "/v1" },
    { pattern: "/v1/customers/:id", isUnder: false, meant: undefined, nearest: "/v1" },
    { pattern: "/internal", isUnder: true, meant: undefined, nearest: "/" },
    { pattern: "/", isUnder: false, meant: undefined, nearest: "/" },
  ])("says what may be meant by $pattern: $meant", ({ pattern: asked, isUnder, meant, nearest }) => {
    expect(servedPaths(tree, asked, isUnder)).toEqual({
      isServed: false,
      meant,
      nearest: expect.stringContaining(nearest),
    });
  });

  it("agrees with what serves requests, over all paths", () => {
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 4 }), pattern, (patterns, asked) => {
        const { tree: routes, policy } = treeOf(patterns);
        const { policy: alone } = treeOf([asked]);
        const isSelected = (path: string): boolean => alone.table.match(path) !== undefined;
        const expected = ALL_PATHS.some((path) => isSelected(path) && policy.table.match(path) !== undefined);
        const { isServed, meant } = servedPaths(routes, asked, false);
        expect(isServed).toBe(expected);
        if (meant !== undefined) expect(servedPaths(routes, meant, false).isServed).toBe(true);
        if (asked.endsWith("*") || asked.endsWith("/")) return;
        const under = new RegExp(`^${asked.replace(/:\w+/g, "[^/]+")}(?:/.*)?$`);
        const isBelow = ALL_PATHS.some((path) => under.test(path) && policy.table.match(path) !== undefined);
        expect(servedPaths(routes, asked, true).isServed).toBe(isBelow);
      }),
      runs(300),
    );
  });
});
