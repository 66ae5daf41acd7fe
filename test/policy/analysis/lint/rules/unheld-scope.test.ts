import { describe, expect, it } from "vitest";
import routesFile from "../../../../../examples/shop/routes.json" with { type: "json" };
import { unheldScope } from "../../../../../src/policy/analysis/lint/rules/unheld-scope.ts";
import { COLLECTION, type FileWithRoutes, ITEM, lintsOf } from "../../../../support/policy/lints.ts";
import { compiled, policyFileWith } from "../../../../support/policy/policy-file.ts";

const clients = { reader: { scopes: ["read:orders"] } };

it.each([
  {
    name: "a scope that no client may be granted, where others open the route",
    file: policyFileWith({ clients, routes: [COLLECTION, { ...ITEM, scopes: ["read:orders", "write:orders"] }] }),
    expected: ["unheld-scope $.routes[1].scopes"],
  },
])("$name", ({ file, expected }) => {
  const lints = lintsOf(file as FileWithRoutes);
  expect(lints.filter((line) => !line.startsWith("unregistered-clients"))).toEqual(expected);
});

describe("a scope that no client may be granted", () => {
  const findingsIn = (members: Record<string, unknown>) => unheldScope(compiled(policyFileWith(members)));
  const routes = ["/a", "/b"].map((path) => ({ ...COLLECTION, path, scopes: ["read:orders", "write:orders"] }));

  it("is a warning at the first route that mentions it", () => {
    expect(findingsIn({ routes, clients: { app: { scopes: ["read:orders"] } } })).toEqual([
      {
        route: 0,
        path: ["routes", 0, "scopes"],
        message: "No client may be granted `https://api.example/write:orders`.",
        hint: "Add it to a client in `clients`, or require another.",
      },
    ]);
  });

  const declaring = (count: number) => {
    const names = Array.from({ length: count }, (_, at) => `read:t${at}`);
    return {
      resourceServers: { api: { scopes: Object.fromEntries(["read:orders", ...names].map((name) => [name, "Read"])) } },
      clients: { app: { scopes: ["read:orders"] } },
    };
  };
  const wildcard = { ...COLLECTION, scopes: ["read:*"] };

  it.each([
    { count: 1, expected: "No client may be granted `api/read:t0`." },
    { count: 3, expected: "No client may be granted `api/read:t0`, `api/read:t1` and `api/read:t2`." },
    {
      count: 1_000,
      expected:
        "No client may be granted 1000 of the required scopes, such as `api/read:t0`, `api/read:t1` and `api/read:t2`.",
    },
  ])("is reported once for a wildcard that takes in $count of them", ({ count, expected }) => {
    const found = findingsIn({ ...declaring(count), routes: [wildcard, { ...wildcard, path: "/b" }] });
    expect(found.map(({ message }) => message)).toEqual([expected]);
  });

  it("is reported for each route that mentions others for the first time", () => {
    const files = ["read:t0", "read:t1", "read:t0"].map((scope, at) => ({
      ...COLLECTION,
      path: `/${at}`,
      scopes: ["read:orders", scope],
    }));
    expect(findingsIn({ ...declaring(2), routes: files }).map(({ route }) => route)).toEqual([0, 1]);
  });

  it("is none when a client holds it by implication", () => {
    const resourceServers = {
      "https://api.example": {
        scopes: {
          admin: { description: "All", implies: ["write:orders"] },
          "read:orders": "Read orders",
          "write:orders": "Write orders",
        },
      },
    };
    const clients = { app: { scopes: ["admin"] }, reader: { scopes: ["read:orders"] } };
    expect(findingsIn({ routes, resourceServers, clients })).toEqual([]);
  });

  it("is none when the file lists no client", () => {
    expect(findingsIn({ routes })).toEqual([]);
  });

  it("is left out where no client meets the requirement at all", () => {
    const unmeetable = [{ ...COLLECTION, scopes: ["write:orders"] }];
    expect(findingsIn({ routes: unmeetable, clients: { app: { scopes: ["read:orders"] } } })).toEqual([]);
  });

  it("is none in the shipped policy", () => {
    const vars = {
      ISSUER_URL: "http://127.0.0.1:8788",
      PRODUCTS_URL: "http://127.0.0.1:1",
      ORDERS_URL: "http://127.0.0.1:2",
    };
    expect(unheldScope(compiled(routesFile, vars))).toEqual([]);
  });
});
