import { describe, expect, it } from "vitest";
import { withTools } from "../../../src/cli/demo/shop-with-tools.ts";
import { compilePolicy } from "../../../src/policy/compile/compile-policy.ts";
import { MCP_POLICY, projectFile, SHOP_POLICY } from "../../support/project/project-files.ts";

const shop = JSON.parse(projectFile(SHOP_POLICY));
const tools = JSON.parse(projectFile(MCP_POLICY));
const VARS = {
  PUBLIC_URL: "https://api.example",
  ISSUER_URL: "https://id.example",
  ORDERS_URL: "https://orders.example",
  PRODUCTS_URL: "https://products.example",
};

describe("the shop with the MCP server of its order service", () => {
  it("is a valid policy with the routes of both files, for tokens that are meant for the server", () => {
    const compiled = compilePolicy(withTools(shop, tools), VARS);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.failure));
    const { routes, issuers } = compiled.value;
    expect(routes).toHaveLength(shop.routes.length + tools.routes.length);
    expect(routes.at(-1)?.mcp?.tools.find("create_order")).toBeDefined();
    expect(Array.from(issuers.values(), ({ audiences }) => audiences)).toEqual([new Set(["https://api.example/mcp"])]);
  });

  it("has the clients, scopes and upstreams that the server's policy needs", () => {
    for (const name of Object.keys(tools.upstreams)) expect(tools.upstreams[name]).toEqual(shop.upstreams[name]);
    for (const [name, { scopes }] of Object.entries<{ scopes: string[] }>(tools.clients)) {
      expect(shop.clients[name].scopes).toEqual(expect.arrayContaining(scopes));
    }
  });
});
