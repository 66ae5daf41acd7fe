import { describe, expect, it } from "vitest";
import { grantSources } from "../../src/explain/grant-sources.ts";
import { grantedScopes } from "../../src/token/granted-scopes.ts";
import { API, clientOf, declare, EXAMPLE_SCOPES, issuerOf } from "../support/policy/example-policy.ts";
import { claimsOf } from "../support/token/tokens.ts";

const policy = declare(EXAMPLE_SCOPES);
const READ = `${API}/read:orders`;
const WRITE = `${API}/write:orders`;
const issuer = issuerOf({
  scopeClaim: [["permissions"], ["scope"]],
  grants: [
    {
      claim: ["realm", "roles"],
      byValue: new Map([
        ["staff", [READ, WRITE]],
        ["lead", [WRITE]],
      ]),
    },
  ],
});

function sourcesOf(claims: Record<string, unknown>, client?: ReturnType<typeof clientOf>) {
  const all = claimsOf({ scope: undefined, ...claims });
  return grantSources({ claims: all, issuer, granted: grantedScopes(all, issuer, policy, client) }, policy);
}

describe("grantSources", () => {
  it.each([
    {
      name: "finds the claim of a scope",
      claims: { scope: READ },
      expected: [{ scope: READ, claim: "scope", value: READ }],
    },
    {
      name: "finds the value of a grant, by its place",
      claims: { realm: { roles: ["x", "lead"] } },
      expected: [{ scope: WRITE, claim: "/realm/roles", value: "lead" }],
    },
    {
      name: "finds every source of a scope, each once",
      claims: { permissions: [WRITE, WRITE], realm: { roles: ["staff", "lead"] } },
      expected: [
        { scope: WRITE, claim: "permissions", value: WRITE },
        { scope: READ, claim: "/realm/roles", value: "staff" },
        { scope: WRITE, claim: "/realm/roles", value: "staff" },
        { scope: WRITE, claim: "/realm/roles", value: "lead" },
      ],
    },
    {
      name: "finds nothing for what grants nothing",
      claims: { scope: "openid", realm: { roles: "boss" } },
      expected: [],
    },
  ])("$name", ({ claims, expected }) => {
    expect(sourcesOf(claims)).toEqual(expected);
  });

  it("leaves out what the registration withholds", () => {
    const sources = sourcesOf({ realm: { roles: ["staff"] } }, clientOf("web", [READ]));
    expect(sources).toEqual([{ scope: READ, claim: "/realm/roles", value: "staff" }]);
  });
});
