import { describe, expect, it } from "vitest";
import { formatExplanation } from "../../../src/cli/explain/format-explanation.ts";
import { coloursFor } from "../../../src/cli/print/colours.ts";
import { assumedCaller, nobody } from "../../../src/explain/caller.ts";
import { explainRequest } from "../../../src/explain/explain-request.ts";
import { policyOn } from "../../../src/policy/analysis/reports.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const policy = compiled(
  policyFileWith({
    clients: { app: { scopes: ["write:orders"] } },
    routes: [
      {
        path: "/orders",
        methods: ["GET"],
        scopes: ["read:orders"],
        upstream: "orders",
        report: { until: "2027-01-31" },
      },
    ],
  }),
);
const asked = { method: "GET", url: "https://gateway.invalid/orders" };
const app = assumedCaller({ client: policy.clients.get("app"), scopes: undefined }, policy);
const reader = assumedCaller({ client: undefined, scopes: ["read:orders"] }, policy);

describe("a route that only reports", () => {
  it.each([
    {
      name: "no token",
      caller: nobody,
      reason: "credentials-missing",
      stages: ["passed", "passed", "would refuse", "not reached", "passed", "passed"],
    },
    {
      name: "too few scopes",
      caller: app,
      reason: "scope-insufficient",
      stages: ["passed", "passed", "passed", "would refuse", "passed", "passed"],
    },
  ])("forwards a request with $name, and tells the refusal to come", async ({ caller, reason, stages }) => {
    const said = await explainRequest(policyOn(policy, "2027-01-31"), asked, caller);
    expect([said.outcome, said.refusal, said.refusedAt]).toEqual(["forwarded", undefined, undefined]);
    expect(said.stages.map(({ outcome }) => outcome)).toEqual(stages);
    expect(said.report).toMatchObject({ until: "2027-01-31", enforcedFrom: "2027-02-01", refusal: { reason } });
    const later = await explainRequest(policyOn(policy, "2027-02-01"), asked, caller);
    expect(later).not.toHaveProperty("report");
    expect(later.outcome).toBe("refused");
    expect(said.report?.refusal).toEqual(later.refusal);
    expect(said.report?.refusedAt).toBe(later.refusedAt);
    expect(said.hints).toEqual(later.hints);
  });

  it("says of a permitted request that it will be forwarded, too", async () => {
    const said = await explainRequest(policyOn(policy, "2027-01-31"), asked, reader);
    expect(said.report).toEqual({ until: "2027-01-31", enforcedFrom: "2027-02-01" });
    expect(said.stages.map(({ outcome }) => outcome)).toEqual(Array(6).fill("passed"));
  });

  it("tells people", async () => {
    const said = await explainRequest(policyOn(policy, "2027-01-31"), asked, app);
    const lines = formatExplanation(said, () => "routes.json:1:1", coloursFor());
    expect(lines).toContain(
      "The route only reports until 2027-01-31. From 2027-02-01 on (UTC), the request is refused: 403 scope-insufficient. The access token does not grant the scopes that this route requires.",
    );
    expect(lines.find((line) => line.startsWith("4 authorize"))).toContain("would refuse");
  });
});
