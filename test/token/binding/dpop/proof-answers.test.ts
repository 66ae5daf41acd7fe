import { expect, it } from "vitest";
import type { Challenge } from "../../../../src/answer/challenge.ts";
import { Denial } from "../../../../src/answer/denial.ts";
import type { Binding } from "../../../../src/policy/requirements/binding.ts";
import { createProofAnswers } from "../../../../src/token/binding/dpop/proof-answers.ts";
import { issuerOf, policyOf } from "../../../support/policy/example-policy.ts";
import { presentedOf } from "../../../support/token/presented.ts";

const DPOP = { algorithms: ["ES256"], maxAgeSeconds: 60, replay: "isolate" } as const;
const bearer: Challenge = (denial) => `Bearer reason="${denial.reason}"`;

function answersFor(binding: Binding | undefined, nonce?: { current: string; isNews: boolean }) {
  const issuer = issuerOf(binding && { binding });
  return createProofAnswers({ ...policyOf([issuer]), dpop: DPOP }, () => nonce);
}

it.each<{ binding?: Binding; constrained?: true; expected: string[] }>([
  { expected: ["Bearer"] },
  { constrained: true, expected: ["Bearer"] },
  { binding: { dpop: "accepted", mtls: "refused" }, expected: ["Bearer", "DPoP"] },
  { binding: { dpop: "accepted", mtls: "refused" }, constrained: true, expected: ["DPoP"] },
  { binding: { dpop: "required", mtls: "refused" }, expected: ["DPoP"] },
  { binding: { dpop: "required", mtls: "accepted" }, expected: ["Bearer", "DPoP"] },
  { binding: { dpop: "refused", mtls: "required" }, constrained: true, expected: ["Bearer"] },
])(
  "a challenge offers $expected for $binding, sender-constrained: $constrained",
  ({ binding, constrained, expected }) => {
    const requirement = { kind: "authenticated", ...(constrained && { senderConstrained: constrained }) } as const;
    const challenge = answersFor(binding).challenge(bearer);
    const text = challenge(new Denial("credentials-missing"), { path: "/", requirement }, "https://gw.example");
    expect(text).toBe(
      expected
        .map((scheme) => `${scheme} reason="credentials-missing"${scheme === "DPoP" ? ', algs="ES256"' : ""}`)
        .join(", "),
    );
  },
);

it("a denial without a challenge has none here, either", () => {
  const challenge = answersFor({ dpop: "accepted", mtls: "refused" }).challenge(() => undefined);
  expect(challenge(new Denial("route-unknown"), undefined, "https://gw.example")).toBeUndefined();
});

it.each([
  { name: "the client has it", isNews: false, denied: false, challenged: false, sent: false },
  { name: "it is new to the client", isNews: true, denied: false, challenged: false, sent: true },
  { name: "the request is challenged", isNews: false, denied: true, challenged: true, sent: true },
  { name: "an upstream challenges", isNews: false, denied: false, challenged: true, sent: false },
  { name: "the request is refused without a challenge", isNews: false, denied: true, challenged: false, sent: false },
])("the nonce is sent: $sent, if $name", ({ isNews, denied, challenged, sent }) => {
  const response = new Response(null, { headers: { "dpop-nonce": "of an upstream", "cache-control": "max-age=9" } });
  if (challenged) response.headers.set("www-authenticate", "Bearer");
  const denial = denied ? new Denial("token-expired") : undefined;
  answersFor(undefined, { current: "new", isNews }).finish(presentedOf(), response, denial);
  expect(response.headers.get("dpop-nonce")).toBe(sent ? "new" : null);
  expect(response.headers.get("cache-control")).toBe(sent ? "no-store" : "max-age=9");
});
