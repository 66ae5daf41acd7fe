/** A 401 of a route that no token opens had an empty `WWW-Authenticate` where the policy has `dpop`. */
import { expect, it } from "vitest";
import { createChallenge } from "../../src/answer/challenge.ts";
import { Denial } from "../../src/answer/denial.ts";
import { createProofAnswers } from "../../src/token/binding/dpop/proof-answers.ts";
import { issuerOf, policyOf } from "../support/policy/example-policy.ts";

const DPOP = { algorithms: ["ES256"], maxAgeSeconds: 60, replay: "isolate" } as const;

it.each([
  { name: "no issuer binds tokens", binding: undefined },
  { name: "tokens may be bound", binding: { dpop: "accepted", mtls: "refused" } },
  { name: "tokens must be bound", binding: { dpop: "required", mtls: "refused" } },
] as const)("every 401 has a challenge where $name", ({ binding }) => {
  const policy = { ...policyOf([issuerOf(binding && { binding })]), dpop: DPOP };
  const challenge = createProofAnswers(policy, () => undefined).challenge(createChallenge(policy));
  for (const constrained of [{}, { senderConstrained: true }] as const) {
    for (const issuers of [{}, { issuers: [] }]) {
      const route = { path: "/", requirement: { kind: "authenticated", ...constrained, ...issuers } } as const;
      for (const reason of ["credentials-missing", "token-expired", "token-binding-missing"] as const) {
        expect(challenge(new Denial(reason), route, "https://gw.example")).toMatch(/^(?:Bearer|DPoP) realm=/);
      }
    }
  }
});
