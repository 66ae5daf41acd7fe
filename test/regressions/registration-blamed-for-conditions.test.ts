import { expect, it } from "vitest";
import { callerWithClaims } from "../../src/explain/claims-caller.ts";
import { explainRequest } from "../../src/explain/explain-request.ts";
import { compiled, policyFileWith } from "../support/policy/policy-file.ts";

it("a registration with all scopes is not blamed where the token lacks one of them and meets no condition", async () => {
  const allOf = ["read:orders", { claim: "tier", in: ["gold"] }];
  const policy = compiled(
    policyFileWith({
      issuers: { main: { issuer: "https://issuer.example", profile: "cognito", registeredClientsOnly: true } },
      clients: { web: { scopes: ["read:orders"] } },
      routes: [{ path: "/orders", methods: ["GET"], scopes: ["write:orders", { allOf }], upstream: "orders" }],
    }),
  );
  const claims = { client_id: "web", scope: "", tier: "gold" };
  const caller = callerWithClaims(claims, policy, [...policy.issuers.values()]);
  const asked = { method: "GET", url: "https://gateway.invalid/orders" };
  const { refusal, hints } = await explainRequest(policy, asked, caller);
  expect(refusal?.reason).toBe("scope-insufficient");
  expect(hints.filter((hint) => hint.includes("registration"))).toEqual([]);
});
