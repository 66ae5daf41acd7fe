import { expect, it } from "vitest";
import { withOpenReports } from "../../../src/policy/analysis/reports.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

it("an MCP route that only reports lets every message through", () => {
  const mcp = { path: "/mcp", upstream: "orders", mcp: { tools: { get_order: { scopes: ["read:orders"] } } } };
  const routes = [
    { ...mcp, report: { until: "2027-01-31" } },
    { ...mcp, path: "/enforced" },
  ];
  const [open, enforced] = withOpenReports(compiled(policyFileWith({ routes }))).routes;
  expect([open?.requirement.kind, open?.mcp]).toEqual(["public", undefined]);
  expect([enforced?.requirement.kind, enforced?.mcp?.tools.entries.size]).toEqual(["authenticated", 1]);
});
