import { describe, expect, test } from "vitest";
import { haveSameRules } from "../../../src/cli/replay/issuer-rules.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

/** The issuer with these members. */
function issuer(members: object) {
  const main = { issuer: "https://issuer.example", profile: "generic", audiences: ["api"], ...members };
  const found = compiled(policyFileWith({ issuers: { main } })).issuers.get("https://issuer.example");
  if (found === undefined) throw new Error("There is no issuer.");
  return found;
}

describe("two issuers have the same rules", () => {
  test.each([
    { name: "if nothing differs", members: {} },
    { name: "if the order of the members differs", members: { profile: "generic", issuer: "https://issuer.example" } },
    { name: "if only the use of its keys differs", members: { keys: { maxStaleSeconds: 3_600 } } },
    { name: "if only clients are told other names of scopes", members: { requestedScopeNames: "full" } },
    { name: "if only registrations count now, which is looked at apart", members: { registeredClientsOnly: true } },
  ])("$name", ({ members }) => {
    expect(haveSameRules(issuer({}), issuer(members))).toBe(true);
  });
});

describe("two issuers have other rules", () => {
  test.each([
    { name: "with another audience", members: { audiences: ["api", "web"] } },
    { name: "with another profile", members: { profile: "rfc9068" } },
    { name: "with other algorithms", members: { algorithms: ["ES256"] } },
    { name: "with other keys", members: { jwksUri: "https://keys.example/jwks" } },
    { name: "with another claim for scopes", members: { scopeClaim: "permissions" } },
    { name: "with other names of scopes", members: { scopeNames: "full" } },
    { name: "with another tolerance", members: { clockToleranceSeconds: 60 } },
    { name: "with scopes for groups", members: { grants: { groups: { admins: ["read:orders"] } } } },
  ])("$name", ({ members }) => {
    expect(haveSameRules(issuer({}), issuer(members))).toBe(false);
  });
});
