import { describe, expect, it } from "vitest";
import { clientAssumption } from "../../../src/cli/diff/client-assumption.ts";
import { diffPolicies } from "../../../src/policy/analysis/diff/diff-policies.ts";
import { compiled, policyFile, policyFileWith } from "../../support/policy/policy-file.ts";

const restricted = { issuers: { main: { ...policyFile().issuers.main, registeredClientsOnly: true } } };
const app = { clients: { app: { scopes: ["read:orders"] } } };

function assumptionOf(before: Record<string, unknown>, after: Record<string, unknown>): string | undefined {
  const [old, now] = [compiled(policyFileWith(before)), compiled(policyFileWith(after))];
  return clientAssumption(diffPolicies(old, now), old, now);
}

describe("clientAssumption", () => {
  it.each([
    { name: "nothing where nothing changes for a client", before: app, after: app, expected: undefined },
    {
      name: "nothing where both policies enforce registrations",
      before: restricted,
      after: { ...restricted, ...app },
      expected: undefined,
    },
    { name: "which issuers do not enforce them", before: {}, after: app, expected: /as for `main`\.$/ },
    { name: "which issuers did not", before: {}, after: { ...restricted, ...app }, expected: /as for `main`\.$/ },
    {
      name: "that clients can still make some calls",
      before: app,
      after: {},
      expected: /A client can still make calls/,
    },
  ])("says $name", ({ before, after, expected }) => {
    const found = assumptionOf(before, after);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(expected);
  });
});
