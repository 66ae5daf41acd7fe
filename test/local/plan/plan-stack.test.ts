import { describe, expect, it } from "vitest";
import { planStack } from "../../../src/local/plan/plan-stack.ts";
import { NO_REAL_ADDRESSES } from "../../../src/local/plan/stack-source.ts";
import { policyFileWith } from "../../support/policy/policy-file.ts";

const addresses = {
  gateway: "http://127.0.0.1:8787",
  issuer: () => "http://127.0.0.1:8788/pool",
  upstream: () => undefined,
};
const issuers = { main: { issuer: "$" + "{ISSUER_URL}", profile: "cognito" } };
const config = policyFileWith({ issuers, shadow: "routes.next.json" });

function shadowWith(candidate: unknown, real = NO_REAL_ADDRESSES) {
  const { policyModule, vars } = planStack({ config, candidate, vars: {} }, real, addresses);
  if (!policyModule.ok) throw new Error(JSON.stringify(policyModule.failure));
  return { shadow: policyModule.value.shadow, vars };
}

describe("the plan for a policy with a shadow", () => {
  it("has the candidate, and made-up values for its own variables", () => {
    const candidate = policyFileWith({ issuers, upstreams: { orders: { url: "$" + "{NEXT_URL}" } } });
    const { shadow, vars } = shadowWith(candidate);
    expect(shadow).toMatchObject({ file: "routes.next.json", candidate: { upstreams: candidate.upstreams } });
    expect(vars).toMatchObject({ NEXT_URL: "https://next-url.invalid" });
  });

  it("has the candidate also where a real issuer replaces that of the policy", () => {
    const { shadow } = shadowWith(policyFileWith({ issuers }), {
      issuers: { main: "https://real.example" },
      upstreams: {},
    });
    expect(shadow?.candidate).toBeDefined();
  });

  it.each([
    { name: "with faults", candidate: policyFileWith({ issuers, realm: "" }) },
    { name: "that cannot be read", candidate: undefined },
  ])("serves the policy with a candidate $name, and has no candidate", ({ candidate }) => {
    expect(shadowWith(candidate).shadow).toEqual({ file: "routes.next.json" });
  });
});
