/** `prove` and `diff` took HEAD of an MCP route with `streams` for refused, although the gateway serves it like GET. */
import { expect, it } from "vitest";
import { assumedCaller } from "../../../src/explain/caller.ts";
import { explainRequest } from "../../../src/explain/explain-request.ts";
import { diffPolicies } from "../../../src/policy/analysis/diff/diff-policies.ts";
import { prove } from "../../../src/policy/analysis/proof/prove.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const fileWith = (streams: object) =>
  policyFileWith({
    routes: [{ path: "/mcp", upstream: "orders", mcp: { methods: { ping: { scopes: ["read:orders"] } }, ...streams } }],
    guarantees: [{ methods: ["HEAD"], never: true }],
  });
const closed = compiled(fileWith({}));
const open = compiled(fileWith({ streams: { authenticated: true } }));

it.each([
  { name: "without streams nobody gets through", policy: closed, breaches: 0, outcome: "refused" },
  { name: "with streams every token does", policy: open, breaches: 1, outcome: "forwarded" },
])("HEAD of an MCP route: $name, and the proof says the same", async ({ policy, breaches, outcome }) => {
  const asked = { method: "HEAD", url: "https://gateway.example/mcp" };
  const said = await explainRequest(policy, asked, assumedCaller({ client: undefined, scopes: [] }, policy));
  expect(said.outcome).toBe(outcome);
  expect(said.forwarded === undefined).toBe(outcome === "refused");
  expect(prove(policy)[0]?.breaches).toHaveLength(breaches);
});

it("streams that are added open HEAD", () => {
  const added = diffPolicies(closed, open).routes.flatMap(({ kind, methods }) => (kind === "added" ? methods : []));
  expect(added).toContain("GET");
  expect(diffPolicies(open, open).routes).toEqual([]);
});
