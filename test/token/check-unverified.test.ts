import { describe, expect, it } from "vitest";
import { Denial } from "../../src/answer/denial.ts";
import { checkUnverified } from "../../src/token/check-unverified.ts";
import type { JoseHeader } from "../../src/token/jws.ts";
import { ISSUER_URL, issuerOf, policyOf } from "../support/policy/example-policy.ts";
import { outcomeOf } from "../support/token/outcome.ts";
import { claimsOf } from "../support/token/tokens.ts";

const cognito = issuerOf();
const typed = issuerOf({ name: "typed", issuer: "https://typed.example", profile: "rfc9068" });
const policy = policyOf([cognito, typed]);

function check(header: Partial<JoseHeader> = {}, claims: Readonly<Record<string, unknown>> = {}) {
  const unverifiedHeader = { alg: "RS256", kid: "key-1", typ: undefined, ...header };
  return checkUnverified({ unverifiedHeader, unverifiedClaims: claimsOf(claims) }, policy);
}

describe("checkUnverified", () => {
  it("tells the issuer and the kid of a token that may pass", () => {
    expect(check()).toEqual({ issuer: cognito, unverifiedKid: "key-1" });
    expect(check({ typ: "at+jwt" }, { iss: "https://typed.example" })).toEqual({
      issuer: typed,
      unverifiedKid: "key-1",
    });
  });

  it.each([
    { name: "no issuer", header: {}, claims: { iss: undefined }, expected: "claim-missing" },
    { name: "an issuer that is no string", header: {}, claims: { iss: [ISSUER_URL] }, expected: "claim-missing" },
    { name: "an unknown issuer", header: {}, claims: { iss: "https://evil.example" }, expected: "issuer-unknown" },
    { name: "an inherited name as issuer", header: {}, claims: { iss: "constructor" }, expected: "issuer-unknown" },
    { name: "an algorithm that is not listed", header: { alg: "ES256" }, claims: {}, expected: "algorithm-refused" },
    { name: "alg none", header: { alg: "none" }, claims: {}, expected: "algorithm-refused" },
    { name: "no kid", header: { kid: undefined }, claims: {}, expected: "key-unknown" },
    {
      name: "the wrong type for its issuer's profile",
      header: { typ: "JWT" },
      claims: { iss: "https://typed.example" },
      expected: "token-type-mismatch",
    },
  ])("refuses $name", ({ header, claims, expected }) => {
    expect(outcomeOf(check(header, claims))).toBe(expected);
  });

  it("says in the log that a token has no kid", () => {
    expect(check({ kid: undefined })).toEqual(new Denial("key-unknown", "The token has no `kid`."));
  });

  it("does not judge times or other claims", () => {
    expect(outcomeOf(check({}, { exp: 0, token_use: "id" }))).toBe("accepted");
  });

  it("reports the first of several faults: the issuer, the algorithm, the type, the kid", () => {
    const worst = { alg: "none", kid: undefined, typ: "JWT" };
    const iss = "https://typed.example";
    expect(outcomeOf(check(worst, { iss: "https://evil.example" }))).toBe("issuer-unknown");
    expect(outcomeOf(check(worst, { iss }))).toBe("algorithm-refused");
    expect(outcomeOf(check({ ...worst, alg: "RS256" }, { iss }))).toBe("token-type-mismatch");
    expect(outcomeOf(check({ ...worst, alg: "RS256", typ: "at+jwt" }, { iss }))).toBe("key-unknown");
  });
});
