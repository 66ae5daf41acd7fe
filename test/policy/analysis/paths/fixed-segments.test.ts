import { expect, test } from "vitest";
import { fixedSegments } from "../../../../src/policy/analysis/paths/fixed-segments.ts";
import { pathClasses } from "../../../../src/policy/analysis/paths/path-classes.ts";
import { routeTree } from "../../../../src/policy/analysis/route-tree.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";

const ROUTE = { methods: ["GET"], scopes: ["read:orders"], upstream: "orders" };
const policy = compiled(
  policyFileWith({ routes: ["/t/:t/*", "/t/one/x", "/t/:t"].map((path) => ({ ...ROUTE, path })) }),
);
const classes = (texts: string[]) => {
  const selection = fixedSegments([policy], new Set(texts), ({ path }) => (path === "/t/:t/*" ? [1] : []));
  const selections = selection ? [selection] : [];
  const tellingSegments = (leaf: unknown) => (leaf === true ? [] : [1]);
  return Array.from(pathClasses([routeTree(policy)], { selections, tellingSegments }), ({ path }) => path).sort();
};

test("paths with a text in a segment that matters are in classes of their own, where a route serves them", () => {
  expect(classes([])).toEqual(["/t/one/x", "/t/x", "/t/x/x"]);
  expect(classes(["one"])).toEqual(["/t/one", "/t/one/x", "/t/one/x1", "/t/x", "/t/x/x"]);
});

test("there is no selection where no text matters, or no segment", () => {
  expect(fixedSegments([policy], new Set(), () => [1])).toBeUndefined();
  expect(fixedSegments([policy], new Set(["one"]), undefined)).toBeUndefined();
});
