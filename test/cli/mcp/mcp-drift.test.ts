import { expect, it } from "vitest";
import { mcpDrift } from "../../../src/cli/mcp/mcp-drift.ts";
import type { McpRoute } from "../../../src/cli/mcp/mcp-route.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const READ = { scopes: ["read:orders"] };
const routeWith = (...patterns: string[]): McpRoute => {
  const tools = Object.fromEntries(patterns.map((pattern) => [pattern, READ]));
  const [route] = compiled(policyFileWith({ routes: [{ path: "/mcp", upstream: "orders", mcp: { tools } }] })).routes;
  return route as McpRoute;
};

it.each([
  { name: "nothing if both agree", tools: ["a", "b"], patterns: ["b", "a"], unlisted: [], unknown: [] },
  { name: "a tool without an entry", tools: ["a", "b"], patterns: ["a"], unlisted: ["b"], unknown: [] },
  { name: "an entry without a tool", tools: ["a"], patterns: ["c", "a", "b"], unlisted: [], unknown: ["c", "b"] },
  { name: "a tool in another case on both sides", tools: ["A"], patterns: ["a"], unlisted: ["A"], unknown: ["a"] },
  { name: "nothing for a prefix with a tool", tools: ["get_a"], patterns: ["get_*"], unlisted: [], unknown: [] },
  { name: "a prefix without a tool", tools: ["get"], patterns: ["get", "get_*"], unlisted: [], unknown: ["get_*"] },
  {
    name: "nothing for a prefix all of whose tools have entries of their own",
    tools: ["get_a"],
    patterns: ["get_*", "get_a"],
    unlisted: [],
    unknown: [],
  },
  {
    name: "every entry if the server has no tools",
    tools: [],
    patterns: ["a", "*"],
    unlisted: [],
    unknown: ["a", "*"],
  },
])("the drift is $name", ({ tools, patterns, unlisted, unknown }) => {
  expect(mcpDrift(tools, routeWith(...patterns))).toEqual({ unlisted, unknown });
});
