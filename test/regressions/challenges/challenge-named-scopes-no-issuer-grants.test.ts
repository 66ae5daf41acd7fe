import { expect, it } from "vitest";
import { createChallenge } from "../../../src/answer/challenge.ts";
import { Denial } from "../../../src/answer/denial.ts";
import { grantedScopes } from "../../../src/token/granted-scopes.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

/** Challenges named full names to clients of issuers that grant short names only. */
it.each(["short", "full"])("a token of an issuer with %s names can hold what the challenge names", (scopeNames) => {
  const issuer = {
    issuer: "https://issuer.example",
    profile: "generic",
    audiences: ["https://api.example"],
    scopeNames,
  };
  const policy = compiled(policyFileWith({ issuers: { main: issuer } }));
  const [route] = policy.routes;
  const value = createChallenge(policy)(new Denial("scope-insufficient"), route, "https://gw.example") ?? "";
  const [, scope = ""] = / scope="([^"]*)"/.exec(value) ?? [];
  expect(scope).toBe(scopeNames === "short" ? "read:orders" : "https://api.example/read:orders");
  for (const main of policy.issuers.values()) {
    const claims = { iss: main.issuer, aud: "https://api.example", scope };
    expect(grantedScopes(claims, main, policy, undefined).names).toEqual(["https://api.example/read:orders"]);
  }
});
