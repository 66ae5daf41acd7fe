import { expect, it } from "vitest";
import { prove } from "../../../src/policy/analysis/proof/prove.ts";
import { withOpenReports, withoutReports } from "../../../src/policy/analysis/reports.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

it("an MCP route that only reports lets every message through", () => {
  const mcp = { path: "/mcp", upstream: "orders", mcp: { tools: { get_order: { scopes: ["read:orders"] } } } };
  const routes = [
    { ...mcp, report: { until: "2027-01-31" } },
    { ...mcp, path: "/enforced" },
  ];
  const [open, enforced] = withOpenReports(compiled(policyFileWith({ routes }))).routes;
  expect([open?.requirement.kind, open?.mcp?.tools.entries.size]).toEqual(["public", 1]);
  expect([enforced?.requirement.kind, enforced?.mcp?.tools.entries.size]).toEqual(["authenticated", 1]);
});

const REPORTING = {
  path: "/mcp",
  upstream: "orders",
  mcp: { tools: { get_order: { scopes: ["read:orders"] } } },
  report: { until: "2027-01-31" },
};

it.each([
  { name: "a tool that is listed", guarantee: { mcp: { tools: ["get_order"] }, never: true } },
  { name: "a tool that is not listed", guarantee: { mcp: { tools: ["delete_*"] }, never: true } },
  { name: "any message", guarantee: { requires: ["read:orders"] } },
  {
    name: "what no exception takes, because unlisted methods get through, too",
    guarantee: { requires: ["read:orders"], except: [{ mcp: { tools: ["*"] } }] },
  },
])("a guarantee is broken while an MCP route only reports: $name", ({ guarantee }) => {
  const policy = compiled(policyFileWith({ routes: [REPORTING], guarantees: [guarantee] }));
  const [proof] = prove(policy);
  expect([proof?.isIdle, proof?.breaches.map(({ caller }) => caller.kind)]).toEqual([false, ["anonymous"]]);
  const [enforced] = prove(withoutReports(policy));
  expect(enforced?.breaches.filter(({ caller }) => caller.kind === "anonymous")).toEqual([]);
});
