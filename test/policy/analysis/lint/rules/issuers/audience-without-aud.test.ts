import { expect, it } from "vitest";
import { lintsWithCode, withIssuer, withMembers } from "../../../../../support/policy/lints.ts";

it.each([
  {
    name: "a generic issuer with another claim",
    issuer: { profile: "generic", audienceClaims: ["azp"] },
    isFound: true,
  },
  {
    name: "a generic issuer with aud after another claim",
    issuer: { profile: "generic", audienceClaims: ["azp", "aud"] },
    isFound: false,
  },
  { name: "a generic issuer as it is by default", issuer: { profile: "generic" }, isFound: false },
  {
    name: "a Cognito issuer, whose ID tokens say so",
    issuer: { profile: "cognito", audienceClaims: ["azp"] },
    isFound: false,
  },
  { name: "an RFC 9068 issuer", issuer: { profile: "rfc9068" }, isFound: false },
])("looks at $name", ({ issuer, isFound }) => {
  const file = withMembers(withIssuer({ audiences: ["api"], ...issuer }));
  const expected = isFound ? ["audience-without-aud $.issuers.main.audienceClaims"] : [];
  expect(lintsWithCode(file, "audience-without-aud")).toEqual(expected);
});

it("does not look at an issuer that no route uses", () => {
  const issuer = withIssuer({ audiences: ["api"], profile: "generic", audienceClaims: ["azp"] });
  const routes = [{ path: "/", methods: ["GET"], public: true, upstream: "orders" }];
  expect(lintsWithCode(withMembers({ ...issuer, routes }), "audience-without-aud")).toEqual([]);
});
