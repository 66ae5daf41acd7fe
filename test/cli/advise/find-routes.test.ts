import { expect, it } from "vitest";
import { RouteFinder } from "../../../src/cli/advise/find-routes.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const route = (path: string, methods: readonly string[], more = {}) => ({
  ...{ path, methods, scopes: ["read:orders"], upstream: "orders" },
  ...more,
});
const policy = compiled(
  policyFileWith({
    hosts: ["a.example", "b.example"],
    routes: [
      route("/orders/:id", ["GET"]),
      route("/orders/:order", ["*"]),
      route("/orders/new", ["GET"]),
      route("/orders/:id", ["GET"], { hosts: ["b.example"] }),
      route("/only/:id", ["POST"], { hosts: ["a.example", "b.example"] }),
    ],
  }),
);

it.each([
  { name: "by its pattern, on each host", line: { method: "GET", route: "/orders/:id" }, expected: [0, 3] },
  { name: "by its pattern, for HEAD as for GET", line: { method: "HEAD", route: "/orders/:id" }, expected: [0, 3] },
  {
    name: "by the pattern of a route for all other methods",
    line: { method: "PUT", route: "/orders/:order" },
    expected: [1],
  },
  {
    name: "that serves the paths of a pattern now, where the pattern has another name or method",
    line: { method: "PUT", route: "/orders/:id" },
    expected: [1],
  },
  {
    name: "that serves some path of a pattern that is gone",
    line: { method: "GET", route: "/orders/*" },
    expected: [0, 2, 3],
  },
  {
    name: "that serves some path of a pattern that asked for other scopes then",
    line: { method: "GET", route: "/orders/:id", required: ["https://api.example/write:orders"] },
    expected: [0, 2, 3],
  },
  {
    name: "by its pattern only, if it asked for the same scopes then",
    line: { method: "GET", route: "/orders/:id", required: ["https://api.example/read:orders"] },
    expected: [0, 3],
  },
  {
    name: "by its path, not by the pattern of then",
    line: { method: "GET", route: "/:all", path: "/orders/new" },
    expected: [3, 2],
  },
  {
    name: "by its pattern if the path was cut",
    line: { method: "GET", route: "/orders/new", path: "/orders/n..." },
    expected: [2],
  },
  {
    name: "by its pattern if a token was cut out of the path",
    line: { method: "GET", route: "/orders/new", path: "/orders/[token]" },
    expected: [2],
  },
  { name: "on several hosts once", line: { method: "POST", route: "/only/:id", path: "/only/1" }, expected: [4] },
  { name: "not at all where no route serves it", line: { method: "POST", route: "/gone" }, expected: [] },
  { name: "not at all without pattern and path", line: { method: "GET" }, expected: [] },
])("finds a route $name", ({ line, expected }) => {
  const found = new RouteFinder(policy).find(line).map(({ index }) => index);
  expect(found.toSorted()).toEqual(expected.toSorted());
});
