import { expect, it } from "vitest";
import { requirementsIn } from "../../../src/policy/routing/requirements-in.ts";
import { COLLECTION } from "../../support/policy/lints.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

it.each([
  { scopes: [["read:orders"], ["read:orders"]], expected: 1 },
  { scopes: [["read:orders"], ["write:orders"], ["read:orders"]], expected: 2 },
])("are $expected in $scopes", ({ scopes, expected }) => {
  const routes = scopes.map((required, at) => ({ ...COLLECTION, path: `/${at}`, scopes: required }));
  expect(requirementsIn(compiled(policyFileWith({ routes })).routes).size).toBe(expected);
});

it("are those of the messages and streams of an MCP route, not its own", () => {
  const mcp = {
    tools: { get_order: { scopes: ["read:orders"] }, create_order: { scopes: ["write:orders"] } },
    streams: { scopes: ["read:orders"] },
  };
  const { routes } = compiled(policyFileWith({ routes: [{ path: "/mcp", upstream: "orders", mcp }] }));
  expect(Array.from(requirementsIn(routes), ({ kind }) => kind)).toEqual(["scopes", "scopes"]);
});
