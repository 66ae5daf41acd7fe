import { expect, it } from "vitest";
import { createChallenge } from "../../../src/answer/challenge.ts";
import { Denial } from "../../../src/answer/denial.ts";
import { protectedResource } from "../../../src/endpoints/protected-resource.ts";
import { grantedScopes } from "../../../src/token/granted-scopes.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

/** Entra ID takes the short names that challenges and metadata had for scopes of Microsoft Graph. */
it.each([
  { requestedScopeNames: undefined, asked: "read:orders" },
  { requestedScopeNames: "short", asked: "read:orders" },
  { requestedScopeNames: "full", asked: "https://api.example/read:orders" },
])("clients ask for $asked, and tokens with a short name open the route: $requestedScopeNames", (row) => {
  const issuer = {
    issuer: "https://issuer.example",
    profile: "generic",
    audiences: ["client-id-of-the-api"],
    ...(row.requestedScopeNames !== undefined && { requestedScopeNames: row.requestedScopeNames }),
  };
  const policy = compiled(policyFileWith({ issuers: { main: issuer } }));
  const [route] = policy.routes;
  const value = createChallenge(policy)(new Denial("scope-insufficient"), route, "https://gw.example") ?? "";
  expect(/ scope="([^"]*)"/.exec(value)?.[1]).toBe(row.asked);
  expect(protectedResource(policy, "", "https://gw.example")?.scopes_supported).toContain(row.asked);
  for (const main of policy.issuers.values()) {
    const claims = { iss: main.issuer, aud: "client-id-of-the-api", scope: "read:orders" };
    expect(grantedScopes(claims, main, policy, undefined).names).toEqual(["https://api.example/read:orders"]);
  }
});
