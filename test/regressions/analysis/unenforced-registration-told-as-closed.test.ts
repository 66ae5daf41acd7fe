import { describe, expect, it } from "vitest";
import { diffPolicies } from "../../../src/policy/analysis/diff/diff-policies.ts";
import { admit } from "../../../src/token/admit.ts";
import { compiled, policyFile, policyFileWith } from "../../support/policy/policy-file.ts";
import { outcomeOf } from "../../support/token/outcome.ts";
import { claimsOf, NOW_MS } from "../../support/token/tokens.ts";

const clients = { app: { scopes: ["read:orders"] }, web: { scopes: [] } };

/**
 * Once, `diff` said "removed" and "can no longer" of a client that was deleted, although its tokens were still
 * accepted: the issuer did not enforce registrations.
 */
describe.each([false, true])("a client that is gone, with registeredClientsOnly %s", (registeredClientsOnly) => {
  const issuers = { main: { ...policyFile().issuers.main, registeredClientsOnly } };
  const [before, after] = [
    compiled(policyFileWith({ issuers, clients })),
    compiled(policyFileWith({ issuers, clients: { web: clients.web } })),
  ];

  it("is told as closed only if the gateway refuses its tokens", () => {
    const [issuer] = after.issuers.values();
    const token = claimsOf({ iss: issuer?.issuer, client_id: "app", scope: "https://api.example/read:orders" });
    const isRefused = issuer && outcomeOf(admit(token, issuer, after, NOW_MS)) === "client-mismatch";
    expect(isRefused).toBe(registeredClientsOnly);
    const { clients: changes, settings } = diffPolicies(before, after);
    expect(settings.map(({ kind }) => kind)).toEqual([registeredClientsOnly ? "removed" : "other"]);
    expect(changes.map(({ lost, unenforced }) => [lost.length, unenforced.length])).toEqual([
      registeredClientsOnly ? [1, 0] : [0, 1],
    ]);
  });
});
