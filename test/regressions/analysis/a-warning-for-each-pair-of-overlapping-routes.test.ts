import { expect, it } from "vitest";
import { looserSibling } from "../../../src/policy/analysis/lint/rules/looser-sibling.ts";
import { COLLECTION } from "../../support/policy/lints.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

// 4,096 routes that all overlap brought 28,000 warnings: one for each pair.
it("reports each looser route once, with the number of stricter routes", () => {
  const routes = Array.from({ length: 4_096 }, (_, bits) => ({
    ...COLLECTION,
    path: Array.from({ length: 12 }, (_, at) => (bits & (1 << at) ? `/:p${at}` : "/a")).join(""),
    scopes: [bits % 2 ? "read:orders" : "write:orders"],
  }));
  const findings = looserSibling(compiled(policyFileWith({ routes })));
  expect(findings.length).toBeLessThanOrEqual(4_096);
  expect(new Set(findings.map(({ route }) => route)).size).toBe(findings.length);
  const loosest = findings.find(({ route }) => route === routes.length - 1);
  expect(loosest?.message).toMatch(/ refuses\. It is looser than \d{3,} more routes in the same way\.$/);
});
