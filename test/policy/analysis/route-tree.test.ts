import { describe, expect, test } from "vitest";
import { PathTreeBuilder } from "../../../src/policy/analysis/paths/path-tree.ts";
import { routeTree } from "../../../src/policy/analysis/route-tree.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

describe("the tree of a policy's routes", () => {
  const routes = ["/", "/orders", "/orders/", "/orders/:id", "/orders/:id/", "/files/*", "/%40me"].map((path) => ({
    path,
    methods: ["GET"],
    public: true,
    upstream: "orders",
  }));
  const policy = compiled(policyFileWith({ routes }));
  const tree = routeTree(policy);

  test("has the groups of the table as its leaves", () => {
    expect(tree.leaf).toBe(policy.table.match("/"));
    expect(tree.literals.get("orders")?.leaf).toBe(policy.table.match("/orders"));
    expect(tree.literals.get("orders")?.parameter?.leaf).toBe(policy.table.match("/orders/7"));
    expect(tree.literals.get("orders")?.slash).toBe(policy.table.match("/orders/"));
    expect(tree.literals.get("orders")?.parameter?.slash).toBe(policy.table.match("/orders/7/"));
    expect(tree.literals.get("files")?.wildcard).toBe(policy.table.match("/files/a/b"));
  });

  test("has literals decoded", () => {
    expect([...tree.literals.keys()]).toEqual(["orders", "files", "@me"]);
  });

  test("is built once", () => {
    expect(routeTree(policy)).toBe(tree);
  });
});

test("a tree of paths beneath a pattern has one leaf for all of them", () => {
  const builder = new PathTreeBuilder<string>();
  builder.addUnder("/orders/:id", "beneath");
  expect(builder.tree.literals.get("orders")?.parameter).toMatchObject({ all: "beneath", leaf: undefined });
});

test("a tree takes no pattern that a route may not have", () => {
  expect(() => new PathTreeBuilder().add("orders", true)).toThrow(
    new TypeError("orders: The path does not start with a slash."),
  );
});
