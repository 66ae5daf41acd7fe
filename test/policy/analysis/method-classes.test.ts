import { describe, expect, it } from "vitest";
import { methodClasses } from "../../../src/policy/analysis/method-classes.ts";
import { routeTree } from "../../../src/policy/analysis/route-tree.ts";
import type { RouteGroup } from "../../../src/policy/policy.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

/** The leaf of a path whose routes have these lists of methods. */
function leafOf(...lists: readonly (readonly string[])[]): RouteGroup | undefined {
  const routes = lists.map((methods) => ({ path: "/", methods, public: true, upstream: "orders" }));
  return routeTree(compiled(policyFileWith({ routes }))).leaf;
}

const USUAL = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

describe("methods that route groups treat differently", () => {
  it.each([
    { name: "are those they list", leaves: [leafOf(["GET"]), leafOf(["PUT"])], listed: ["GET", "HEAD", "PUT"] },
    { name: "are none where there is no leaf", leaves: [undefined], listed: [] },
    {
      name: "are not those named elsewhere, which they do not serve",
      leaves: [leafOf(["PUT"])],
      named: ["GET"],
      listed: ["PUT"],
    },
    {
      name: "have one for all others where one leaf takes any",
      leaves: [leafOf(["PUT"]), undefined, leafOf(["*"])],
      listed: ["PUT"],
      other: "GET",
    },
    {
      name: "are those named elsewhere, too, where a leaf takes any",
      leaves: [leafOf(["*"])],
      named: ["GET", "POST"],
      listed: ["GET", "POST"],
      other: "HEAD",
    },
    {
      name: "have an unusual one for all others where every usual one is listed",
      leaves: [leafOf(USUAL, ["*"])],
      named: ["X-METHOD-1"],
      listed: ["GET", "HEAD", ...USUAL.slice(1), "X-METHOD-1"],
      other: "X-METHOD-2",
    },
  ])("$name", ({ leaves, named = [], listed, other }) => {
    const classes = methodClasses(leaves, named);
    expect(classes.listed.toSorted()).toEqual(listed.toSorted());
    expect(classes.other).toBe(other);
  });
});
