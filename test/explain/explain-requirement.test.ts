import { describe, expect, it } from "vitest";
import { explainRequirement } from "../../src/explain/explain-requirement.ts";
import type { Route } from "../../src/policy/policy.ts";
import { exampleFile } from "../support/cli/run-scopegate.ts";
import { compiled } from "../support/policy/policy-file.ts";

const API = "https://api.myecommerce.com";
const policy = compiled(exampleFile());

function routeOf(path: string, method: string): Route {
  const route = policy.routes.find((it) => it.path === path && it.methods.includes(method));
  if (route === undefined) throw new Error(`The example has no route ${method} ${path}.`);
  return route;
}

describe("explainRequirement", () => {
  it("says nothing about scopes on a public route", () => {
    expect(explainRequirement(routeOf("/products/healthz", "GET"), policy, [], true)).toEqual({
      kind: "public",
      outcome: undefined,
      sufficient: [],
      isSufficientComplete: true,
    });
  });

  it("names the smallest sets of scopes for a refused request, and the clients that may be granted them", () => {
    const { sufficient, isSufficientComplete, outcome } = explainRequirement(
      routeOf("/orders", "POST"),
      policy,
      [`${API}/read:orders`],
      true,
    );
    expect(outcome?.met).toBe(false);
    expect(isSufficientComplete).toBe(true);
    expect(sufficient).toEqual([
      { scopes: [`${API}/write:orders`], missing: [`${API}/write:orders`], clients: ["admin"] },
    ]);
  });

  it("looks for no sets if the request is not refused", () => {
    const explained = explainRequirement(routeOf("/orders", "POST"), policy, [`${API}/write:orders`], false);
    expect(explained.outcome?.met).toBe(true);
    expect(explained.sufficient).toEqual([]);
  });
});
