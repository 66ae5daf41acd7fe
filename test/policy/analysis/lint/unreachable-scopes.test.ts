import { describe, expect, test } from "vitest";
import routesFile from "../../../../routes.json" with { type: "json" };
import { unreachableScopes } from "../../../../src/policy/analysis/lint/unreachable-scopes.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";

describe("a scope that no client may hold", () => {
  const warningsOf = (members: Record<string, unknown>) => {
    return unreachableScopes(compiled(policyFileWith(members)));
  };
  const routes = ["/a", "/b"].map((path) => ({ path, methods: ["GET"], scopes: ["write:orders"], upstream: "orders" }));

  test("is a warning at the first route that mentions it", () => {
    expect(warningsOf({ routes, clients: { app: { scopes: ["read:orders"] } } })).toEqual([
      {
        path: ["routes", 0, "scopes"],
        message: "No client may hold `https://api.example/write:orders`.",
        hint: "Add it to a client in `clients`, or require another.",
      },
    ]);
  });

  test("is none when a client holds it by implication", () => {
    const resourceServers = {
      "https://api.example": {
        scopes: { admin: { description: "All", implies: ["write:orders"] }, "write:orders": "Write orders" },
      },
    };
    expect(warningsOf({ routes, resourceServers, clients: { app: { scopes: ["admin"] } } })).toEqual([]);
  });

  test("is none when the file lists no client", () => {
    expect(warningsOf({ routes })).toEqual([]);
  });

  test("is none in the shipped policy", () => {
    const vars = {
      ISSUER_URL: "http://127.0.0.1:8788",
      PRODUCTS_URL: "http://127.0.0.1:1",
      ORDERS_URL: "http://127.0.0.1:2",
    };
    expect(unreachableScopes(compiled(routesFile, vars))).toEqual([]);
  });
});
