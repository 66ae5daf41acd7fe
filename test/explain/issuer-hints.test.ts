import { describe, expect, it } from "vitest";
import { callerWithClaims } from "../../src/explain/claims-caller.ts";
import { explainRequest } from "../../src/explain/explain-request.ts";
import { compiled, policyFileWith } from "../support/policy/policy-file.ts";

const [ONE, TWO] = ["11111111-aaaa-4111-8111-111111111111", "22222222-bbbb-4222-8222-222222222222"];
const never = "No token of `entra` can be enough: its tokens cannot have the scopes and claims that are needed.";

/** The hints for a token without scopes, where the API of orders accepts `entra`, and that of stock does not. */
async function hintsFor(scopes: unknown): Promise<readonly string[]> {
  const policy = compiled(
    policyFileWith({
      issuers: {
        entra: {
          issuer: "https://login.example/{tenant}/v2.0",
          tenants: [ONE],
          tenantClaim: "tid",
          jwksUri: "https://login.example/keys",
          profile: "generic",
          audiences: ["api"],
          grants: { groups: { staff: ["read:orders"] } },
        },
        other: { issuer: "https://other.example", profile: "generic", audiences: ["api"] },
      },
      resourceServers: {
        "https://api.example": { issuers: ["entra"], scopes: { "read:orders": "Read orders" } },
        "https://stock.example": { issuers: ["other"], scopes: { "read:stock": "Read stock" } },
      },
      routes: [{ path: "/orders", methods: ["GET"], scopes, upstream: "orders" }],
    }),
  );
  const claims = { iss: `https://login.example/${ONE}/v2.0`, tid: ONE };
  const caller = callerWithClaims(claims, policy, [...policy.issuers.values()]);
  const { hints } = await explainRequest(policy, { method: "GET", url: "https://gw.example/orders" }, caller);
  return hints;
}

describe("explain", () => {
  it.each([
    { name: "a scope that the issuer may not grant", scopes: ["read:stock"] },
    { name: "a tenant that it does not accept", scopes: [{ claim: "tid", in: [TWO] }] },
    { name: "a scope with such a tenant", scopes: { allOf: ["read:orders", { claim: "tid", in: [TWO] }] } },
    { name: "one of each", scopes: { anyOf: ["read:stock", { claim: "tid", in: [TWO] }] } },
  ])("says that no token is enough for $name", async ({ scopes }) => {
    expect(await hintsFor(scopes)).toContain(never);
  });

  it.each([
    { name: "a scope that the issuer may grant", scopes: ["read:stock", "read:orders"] },
    { name: "its tenant with a scope", scopes: { allOf: ["read:orders", { claim: "tid", in: [ONE] }] } },
    { name: "a condition that other tokens meet", scopes: [{ claim: "groups", in: ["guests"] }] },
    { name: "a claim that brings a scope", scopes: { allOf: ["read:orders", { claim: "groups", in: ["staff"] }] } },
  ])("does not say so for $name", async ({ scopes }) => {
    expect(await hintsFor(scopes)).not.toContain(never);
  });
});
