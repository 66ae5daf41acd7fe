import { describe, expect, it } from "vitest";
import { claimedIssuer } from "../../src/explain/caller.ts";
import { ISSUER_URL, policyOf } from "../support/policy/example-policy.ts";

describe("the issuer that a token says it is from", () => {
  const policy = policyOf();

  it.each([
    { name: "one of the policy", claims: { iss: ISSUER_URL }, expected: "main" },
    { name: "another", claims: { iss: "https://other.example" }, expected: undefined },
    { name: "none", claims: {}, expected: undefined },
    { name: "a list of one of the policy", claims: { iss: [ISSUER_URL] }, expected: undefined },
    { name: "an object without a text", claims: { iss: { toString: 1 } }, expected: undefined },
    { name: "null", claims: { iss: null }, expected: undefined },
    { name: "of a token that cannot be parsed", claims: undefined, expected: undefined },
  ])("is $name: $expected", ({ claims, expected }) => {
    expect(claimedIssuer(policy, claims)?.name).toBe(expected);
  });
});
