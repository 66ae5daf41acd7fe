import { expect, it } from "vitest";
import type { McpRoute } from "../../../src/cli/mcp/mcp-route.ts";
import { mergeTools, planTools } from "../../../src/cli/mcp/plan-tools.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const READ = { scopes: ["read:orders"] };
const FILE = policyFileWith({
  routes: [{ path: "/mcp", upstream: "orders", mcp: { tools: { get_order: READ, "list_*": READ } } }],
});
const route = compiled(FILE).routes[0] as McpRoute;
const MADE = { path: "/tools", upstream: "orders" };

it.each([
  { name: "adds a tool without an entry", tools: ["new"], added: ["new"], kept: [], skipped: [] },
  { name: "keeps an exact entry", tools: ["get_order"], added: [], kept: ["get_order"], skipped: [] },
  { name: "keeps a prefix", tools: ["list_all"], added: [], kept: ["list_all"], skipped: [] },
  { name: "adds a tool in another case", tools: ["Get_order"], added: ["Get_order"], kept: [], skipped: [] },
  {
    name: "skips names that no entry can have",
    tools: ["a*", "*", "a\nb", "__proto__", "constructor", "prototype"],
    added: [],
    kept: [],
    skipped: ["a*", "*", "a\nb", "__proto__", "constructor", "prototype"],
  },
])("a plan $name", ({ tools, added, kept, skipped }) => {
  expect(planTools(tools, route)).toEqual({ added, kept, skipped });
});

it("a policy without an MCP route gets all tools", () => {
  expect(planTools(["a", "b*"], undefined)).toEqual({ added: ["a"], kept: [], skipped: ["b*"] });
});

it("new tools have entries without a requirement, in the route that there is or in a new one", () => {
  const text = JSON.stringify(FILE);
  const { tools } = JSON.parse(mergeTools(text, ["new"], route, MADE)).routes[0].mcp;
  expect(tools).toEqual({ get_order: READ, "list_*": READ, new: {} });
  const [, made] = JSON.parse(mergeTools(text, ["new"], undefined, MADE)).routes;
  expect(made).toMatchObject({ ...MADE, mcp: { tools: { new: {} } } });
  expect(mergeTools(text, [], route, MADE)).toBe(text);
});
