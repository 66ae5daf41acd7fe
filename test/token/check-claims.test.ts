import { describe, expect, it } from "vitest";
import { checkClaims } from "../../src/token/check-claims.ts";
import { issuerOf } from "../support/policy/example-policy.ts";
import { outcomeOf } from "../support/token/outcome.ts";
import { claimsOf, NOW_MS, NOW_SECONDS } from "../support/token/tokens.ts";

const TOLERANT = issuerOf({ clockToleranceSeconds: 5 });
const EXACT = issuerOf({ clockToleranceSeconds: 0 });

describe("checkClaims, of every issuer's tokens", () => {
  it.each([
    { name: "takes a token that expires in the next second", input: { exp: NOW_SECONDS + 1 }, expected: "accepted" },
    { name: "takes a token that expired 4 s ago", input: { exp: NOW_SECONDS - 4 }, expected: "accepted" },
    { name: "refuses a token that expired 5 s ago", input: { exp: NOW_SECONDS - 5 }, expected: "token-expired" },
    { name: "takes an nbf 5 s ahead", input: { nbf: NOW_SECONDS + 5 }, expected: "accepted" },
    { name: "refuses an nbf 6 s ahead", input: { nbf: NOW_SECONDS + 6 }, expected: "token-not-yet-valid" },
    { name: "takes an iat 5 s ahead", input: { iat: NOW_SECONDS + 5 }, expected: "accepted" },
    { name: "refuses an iat 6 s ahead", input: { iat: NOW_SECONDS + 6 }, expected: "token-not-yet-valid" },
    { name: "takes fractions of a second", input: { exp: NOW_SECONDS - 4.999 }, expected: "accepted" },
    { name: "does not need iat", input: { iat: undefined }, expected: "accepted" },
    { name: "does not need nbf", input: { nbf: undefined }, expected: "accepted" },
    { name: "requires exp", input: { exp: undefined }, expected: "claim-missing" },
    { name: "takes an exp of null for missing", input: { exp: null }, expected: "claim-missing" },
    {
      name: "takes an exp in a string for missing",
      input: { exp: String(NOW_SECONDS + 60) },
      expected: "claim-missing",
    },
    { name: "takes an infinite exp for missing", input: { exp: Number.POSITIVE_INFINITY }, expected: "claim-missing" },
    { name: "refuses an nbf in a string", input: { nbf: "0" }, expected: "token-malformed" },
    { name: "refuses an nbf of null", input: { nbf: null }, expected: "token-malformed" },
    { name: "refuses an iat in a string", input: { iat: "0" }, expected: "token-malformed" },
    { name: "refuses an iat of true", input: { iat: true }, expected: "token-malformed" },
    { name: "refuses an infinite nbf", input: { nbf: Number.NEGATIVE_INFINITY }, expected: "token-malformed" },
    { name: "refuses an exp before the epoch", input: { exp: -1 }, expected: "token-expired" },
  ])("$name", ({ input, expected }) => {
    expect(outcomeOf(checkClaims(claimsOf(input), TOLERANT, NOW_MS))).toBe(expected);
  });

  it.each([
    { name: "is expired at exp itself", input: { exp: NOW_SECONDS }, expected: "token-expired" },
    { name: "is valid a second before exp", input: { exp: NOW_SECONDS + 1 }, expected: "accepted" },
    { name: "is valid at nbf itself", input: { nbf: NOW_SECONDS }, expected: "accepted" },
    { name: "is not valid a second before nbf", input: { nbf: NOW_SECONDS + 1 }, expected: "token-not-yet-valid" },
    { name: "is valid at iat itself", input: { iat: NOW_SECONDS }, expected: "accepted" },
    { name: "is not valid a second before iat", input: { iat: NOW_SECONDS + 1 }, expected: "token-not-yet-valid" },
  ])("without clock tolerance, $name", ({ input, expected }) => {
    expect(outcomeOf(checkClaims(claimsOf(input), EXACT, NOW_MS))).toBe(expected);
  });

  it("counts milliseconds: expired at exp, not one before", () => {
    const claims = claimsOf({ exp: NOW_SECONDS + 1 });
    expect(outcomeOf(checkClaims(claims, EXACT, NOW_MS + 999))).toBe("accepted");
    expect(outcomeOf(checkClaims(claims, EXACT, NOW_MS + 1000))).toBe("token-expired");
  });

  it("takes an iat of the wrong type for missing where the profile requires one", () => {
    const issuer = issuerOf({ profile: "rfc9068", audiences: new Set(["api"]) });
    expect(outcomeOf(checkClaims(claimsOf({ iat: "0" }), issuer, NOW_MS))).toBe("claim-missing");
  });

  it("goes on to the profile", () => {
    expect(outcomeOf(checkClaims(claimsOf({ token_use: "id" }), TOLERANT, NOW_MS))).toBe("token-type-mismatch");
  });
});
