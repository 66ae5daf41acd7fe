import { expect, it } from "vitest";
import { explainRequirement } from "../../../src/explain/explain-requirement.ts";
import { accessMatrix } from "../../../src/policy/analysis/access-matrix.ts";
import { diffPolicies } from "../../../src/policy/analysis/diff/diff-policies.ts";
import { lintPolicy } from "../../../src/policy/analysis/lint/lint-policy.ts";
import { compiled, policyFile, policyFileWith } from "../../support/policy/policy-file.ts";

/**
 * Once, only the matrix knew that an issuer's `audiences` leave a client out: `diff` was silent about the client,
 * `explain` said that the scopes were available to it, and `check` did not mention it.
 */
it("a client that the audiences leave out is told by every tool", () => {
  const clients = { app: { scopes: ["read:orders"] }, web: { scopes: ["read:orders"] } };
  const policyOf = (...audiences: string[]) =>
    compiled(policyFileWith({ issuers: { main: { ...policyFile().issuers.main, audiences } }, clients }));
  const [before, after] = [policyOf("app", "web"), policyOf("app")];
  expect(accessMatrix(after).rows.map(({ allowed }) => allowed)).toEqual([[true, false]]);
  expect(diffPolicies(before, after).clients.map(({ client, lost }) => [client, lost.length])).toEqual([["web", 1]]);
  const [route] = after.routes;
  expect(route && explainRequirement(route, after, [], true).sufficient.map((it) => it.clients)).toEqual([["app"]]);
  expect(lintPolicy(after, { routes: [] }).lints.map(({ code }) => code)).toContain("refused-client");
});
