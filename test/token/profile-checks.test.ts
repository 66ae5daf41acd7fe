import { describe, expect, it } from "vitest";
import type { Issuer } from "../../src/policy/policy.ts";
import { PROFILE_NAMES, PROFILES } from "../../src/policy/profiles.ts";
import { checkProfileClaims, checkTokenType } from "../../src/token/profile-checks.ts";
import { issuerOf } from "../support/policy/example-policy.ts";
import { outcomeOf } from "../support/token/outcome.ts";
import { claimsOf } from "../support/token/tokens.ts";

const AUDIENCES = new Set(["api", "admin"]);
const WRONG_STRINGS = [undefined, null, "", 1, true, ["x"], { x: 1 }];

function claimOutcome(issuer: Issuer, changes: Readonly<Record<string, unknown>>): string {
  return outcomeOf(checkProfileClaims(claimsOf(changes), issuer));
}

function typeOutcome(profile: Issuer["profile"], typ: string | undefined): string {
  return outcomeOf(checkTokenType({ alg: "RS256", kid: "key-1", typ }, profile));
}

describe("profile cognito", () => {
  const unchecked = issuerOf({ profile: "cognito", audiences: undefined });
  const checked = issuerOf({ profile: "cognito", audiences: AUDIENCES });

  it.each([
    { name: "takes an access token", input: {}, expected: "accepted" },
    { name: "does not need sub", input: { sub: undefined }, expected: "accepted" },
    { name: "does not need aud", input: { aud: undefined }, expected: "accepted" },
    { name: "leaves aud alone without audiences", input: { aud: "anything" }, expected: "accepted" },
    { name: "refuses an ID token", input: { token_use: "id" }, expected: "token-type-mismatch" },
    { name: "refuses a token without token_use", input: { token_use: undefined }, expected: "token-type-mismatch" },
    { name: "compares token_use exactly", input: { token_use: "Access" }, expected: "token-type-mismatch" },
    { name: "refuses a token_use in a list", input: { token_use: ["access"] }, expected: "token-type-mismatch" },
  ])("$name", ({ input, expected }) => {
    expect(claimOutcome(unchecked, input)).toBe(expected);
  });

  it.each(WRONG_STRINGS)("requires client_id; it was %j", (value) => {
    expect(claimOutcome(unchecked, { client_id: value, azp: "admin" })).toBe("claim-missing");
  });

  it.each([
    { name: "finds the audience in aud", input: { aud: "api", client_id: "other" }, expected: "accepted" },
    { name: "finds it in a list", input: { aud: ["x", "api"], client_id: "other" }, expected: "accepted" },
    { name: "falls back to client_id without aud", input: { aud: undefined }, expected: "accepted" },
    {
      name: "refuses a client_id that is no audience",
      input: { aud: undefined, client_id: "other" },
      expected: "client-mismatch",
    },
    { name: "does not fall back when aud is another's", input: { aud: "x" }, expected: "audience-mismatch" },
    { name: "does not fall back when aud is null", input: { aud: null }, expected: "audience-mismatch" },
    { name: "does not fall back when aud is an empty list", input: { aud: [] }, expected: "audience-mismatch" },
    { name: "does not fall back when aud is a number", input: { aud: 1 }, expected: "audience-mismatch" },
    {
      name: "refuses a list with something that is no string",
      input: { aud: ["api", 1] },
      expected: "audience-mismatch",
    },
  ])("with audiences, $name", ({ input, expected }) => {
    expect(claimOutcome(checked, input)).toBe(expected);
  });

  it.each([undefined, "JWT", "anything"])("asks nothing of typ; it was %s", (typ) => {
    expect(typeOutcome("cognito", typ)).toBe("accepted");
  });
});

describe("profile rfc9068", () => {
  const issuer = issuerOf({ profile: "rfc9068", audiences: AUDIENCES });

  it.each([
    { typ: "at+jwt", expected: "accepted" },
    { typ: "AT+JWT", expected: "accepted" },
    { typ: "application/at+jwt", expected: "accepted" },
    { typ: "Application/AT+JWT", expected: "accepted" },
    { typ: undefined, expected: "token-type-mismatch" },
    { typ: "", expected: "token-type-mismatch" },
    { typ: "JWT", expected: "token-type-mismatch" },
    { typ: "id+jwt", expected: "token-type-mismatch" },
    { typ: "logout+jwt", expected: "token-type-mismatch" },
    { typ: "at+jwt ", expected: "token-type-mismatch" },
    { typ: "xat+jwt", expected: "token-type-mismatch" },
    { typ: "application/application/at+jwt", expected: "token-type-mismatch" },
    { typ: "text/at+jwt", expected: "token-type-mismatch" },
    { typ: "at+application/jwt", expected: "token-type-mismatch" },
  ])("answers typ $typ with $expected", ({ typ, expected }) => {
    expect(typeOutcome("rfc9068", typ)).toBe(expected);
  });

  it("takes a token with all that is required", () => {
    expect(claimOutcome(issuer, {})).toBe("accepted");
  });

  it("does not ask for token_use", () => {
    expect(claimOutcome(issuer, { token_use: undefined })).toBe("accepted");
  });

  describe.each(["sub", "client_id", "jti"])("requires %s", (claim) => {
    it.each(WRONG_STRINGS)("which was %j", (value) => {
      expect(claimOutcome(issuer, { [claim]: value })).toBe("claim-missing");
    });
  });

  it("requires iat", () => {
    expect(claimOutcome(issuer, { iat: undefined })).toBe("claim-missing");
  });

  it.each([undefined, null, "", 1, [], [""], ["api", 1], { api: 1 }])("requires aud; it was %j", (aud) => {
    expect(claimOutcome(issuer, { aud })).toBe("claim-missing");
  });

  it.each([
    { aud: "api", expected: "accepted" },
    { aud: ["other", "admin"], expected: "accepted" },
    { aud: "other", expected: "audience-mismatch" },
    { aud: ["other"], expected: "audience-mismatch" },
    { aud: "api/", expected: "audience-mismatch" },
    { aud: "API", expected: "audience-mismatch" },
  ])("answers the audience $aud with $expected", ({ aud, expected }) => {
    expect(claimOutcome(issuer, { aud })).toBe(expected);
  });
});

describe("profile generic", () => {
  const issuer = issuerOf({ profile: "generic", audiences: AUDIENCES });

  it.each([
    { typ: undefined, expected: "accepted" },
    { typ: "JWT", expected: "accepted" },
    { typ: "jwt", expected: "accepted" },
    { typ: "at+jwt", expected: "accepted" },
    { typ: "", expected: "token-type-mismatch" },
    { typ: "id+jwt", expected: "token-type-mismatch" },
    { typ: "logout+jwt", expected: "token-type-mismatch" },
    { typ: "dpop+jwt", expected: "token-type-mismatch" },
  ])("answers typ $typ with $expected", ({ typ, expected }) => {
    expect(typeOutcome("generic", typ)).toBe(expected);
  });

  it("needs nothing but the audience", () => {
    const bare = { sub: undefined, client_id: undefined, jti: undefined, iat: undefined, token_use: undefined };
    expect(claimOutcome(issuer, bare)).toBe("accepted");
  });

  it.each([undefined, null, "", 1, [], [""], ["api", null]])("requires aud; it was %j", (aud) => {
    expect(claimOutcome(issuer, { aud })).toBe("claim-missing");
  });

  it("refuses another audience", () => {
    expect(claimOutcome(issuer, { aud: "other" })).toBe("audience-mismatch");
  });

  it("refuses every audience when the issuer has none", () => {
    expect(claimOutcome(issuerOf({ profile: "generic", audiences: undefined }), {})).toBe("audience-mismatch");
  });
});

describe("an issuer's own audience claims", () => {
  const claims = (...paths: string[][]) => paths;
  const azp = issuerOf({ profile: "generic", audiences: AUDIENCES, audienceClaims: claims(["azp"]) });
  const audFirst = issuerOf({ profile: "generic", audiences: AUDIENCES, audienceClaims: claims(["aud"], ["azp"]) });
  const azpFirst = issuerOf({ profile: "generic", audiences: AUDIENCES, audienceClaims: claims(["azp"], ["aud"]) });
  const nested = issuerOf({ profile: "generic", audiences: AUDIENCES, audienceClaims: claims(["org", "for"]) });
  const cognito = issuerOf({ profile: "cognito", audiences: AUDIENCES, audienceClaims: claims(["aud"]) });
  const unset = issuerOf({ profile: "cognito", audiences: undefined, audienceClaims: claims(["azp"]) });

  it.each([
    { name: "takes the claim that it names", issuer: azp, input: { aud: undefined, azp: "api" }, expected: "accepted" },
    { name: "takes it in a list", issuer: azp, input: { azp: ["x", "api"] }, expected: "accepted" },
    { name: "looks at no aud beside it", issuer: azp, input: { aud: "api", azp: "x" }, expected: "client-mismatch" },
    { name: "needs it", issuer: azp, input: { aud: "api" }, expected: "claim-missing" },
    { name: "needs it in its type", issuer: azp, input: { azp: 1 }, expected: "claim-missing" },
    { name: "compares exactly", issuer: azp, input: { azp: "API" }, expected: "client-mismatch" },
    {
      name: "takes the first that is there",
      issuer: audFirst,
      input: { aud: undefined, azp: "api" },
      expected: "accepted",
    },
    {
      name: "does not go on after one that is wrong",
      issuer: audFirst,
      input: { aud: "x", azp: "api" },
      expected: "audience-mismatch",
    },
    {
      name: "does not go on after an empty list",
      issuer: audFirst,
      input: { aud: [], azp: "api" },
      expected: "claim-missing",
    },
    {
      name: "does not go on after null",
      issuer: audFirst,
      input: { aud: null, azp: "api" },
      expected: "claim-missing",
    },
    { name: "asks in its own order", issuer: azpFirst, input: { aud: "api", azp: "x" }, expected: "client-mismatch" },
    { name: "falls back in its own order", issuer: azpFirst, input: { aud: "api" }, expected: "accepted" },
    {
      name: "refuses a token with none of them",
      issuer: audFirst,
      input: { aud: undefined },
      expected: "claim-missing",
    },
    {
      name: "reads inside a claim",
      issuer: nested,
      input: { aud: undefined, org: { for: "api" } },
      expected: "accepted",
    },
    {
      name: "refuses another value there",
      issuer: nested,
      input: { aud: "api", org: { for: "x" } },
      expected: "audience-mismatch",
    },
    {
      name: "takes no client where cognito names aud alone",
      issuer: cognito,
      input: { aud: undefined },
      expected: "claim-missing",
    },
    { name: "does not compare without audiences", issuer: unset, input: { aud: undefined }, expected: "accepted" },
  ])("$name", ({ issuer, input, expected }) => {
    expect(claimOutcome(issuer, input)).toBe(expected);
  });

  it.each([
    { issuer: azp, input: { azp: "x" }, detail: "The claim `azp` names none of the issuer's `audiences`." },
    { issuer: azpFirst, input: { aud: "x" }, detail: "The token has no `azp`, and its `aud` is not in `audiences`." },
    { issuer: audFirst, input: { aud: undefined }, detail: "None of the claims `aud`, `azp` is there." },
    { issuer: nested, input: {}, detail: "The claim `/org/for` is missing or has the wrong type." },
  ])("tells the log: $detail", ({ issuer, input, detail }) => {
    expect(checkProfileClaims(claimsOf(input), issuer)).toMatchObject({ detail });
  });
});

it.each([
  { profile: "cognito", claim: "client_id" },
  { profile: "rfc9068", claim: "sub" },
  { profile: "rfc9068", claim: "client_id" },
  { profile: "rfc9068", claim: "jti" },
  { profile: "rfc9068", claim: "iat" },
  { profile: "rfc9068", claim: "aud" },
  { profile: "generic", claim: "aud" },
] as const)("profile $profile tells the log that $claim is missing", ({ profile, claim }) => {
  const issuer = issuerOf({ profile, audiences: AUDIENCES });
  const denial = checkProfileClaims(claimsOf({ [claim]: undefined }), issuer);
  expect(denial).toMatchObject({
    reason: "claim-missing",
    detail: `The claim \`${claim}\` is missing or has the wrong type.`,
  });
});

it.each(PROFILE_NAMES)("profile %s judges the claims that it fixes before the ones that it requires", (profile) => {
  const issuer = issuerOf({ profile, audiences: AUDIENCES });
  const { fixedClaims, requiredClaims } = PROFILES[profile];
  const without = Object.fromEntries(requiredClaims.map((name) => [name, undefined]));
  for (const claim of Object.keys(fixedClaims)) {
    expect(claimOutcome(issuer, { ...without, [claim]: "other" })).toBe("token-type-mismatch");
  }
  expect(claimOutcome(issuer, without)).toBe("claim-missing");
});
