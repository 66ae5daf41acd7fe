import { describe, expect, it } from "vitest";
import { compiled, faultsOf, policyFileWith } from "../../../support/policy/policy-file.ts";

function fileWith(profile: string, audienceClaims?: unknown) {
  const issuer = { issuer: "https://issuer.example", profile, audiences: ["api"] };
  return policyFileWith({ issuers: { main: { ...issuer, ...(audienceClaims !== undefined && { audienceClaims }) } } });
}

describe("the claims of the audience", () => {
  it.each([
    {
      name: "are aud and client_id for cognito",
      profile: "cognito",
      input: undefined,
      expected: [["aud"], ["client_id"]],
    },
    { name: "are aud for rfc9068", profile: "rfc9068", input: undefined, expected: [["aud"]] },
    { name: "are aud for generic", profile: "generic", input: undefined, expected: [["aud"]] },
    { name: "may be written out for rfc9068", profile: "rfc9068", input: ["aud"], expected: [["aud"]] },
    { name: "keep the order of the file", profile: "generic", input: ["azp", "aud"], expected: [["azp"], ["aud"]] },
    {
      name: "may end with iss, for products with an issuer for each application",
      profile: "generic",
      input: ["aud", "iss"],
      expected: [["aud"], ["iss"]],
    },
    { name: "may be a pointer", profile: "cognito", input: ["/org/aud"], expected: [["org", "aud"]] },
    { name: "may be a URL", profile: "generic", input: ["https://x/aud"], expected: [["https://x/aud"]] },
  ])("$name", ({ profile, input, expected }) => {
    const [issuer] = compiled(fileWith(profile, input)).issuers.values();
    expect(issuer?.audienceClaims).toEqual(expected);
  });

  it.each([
    {
      name: "other claims than aud for rfc9068",
      profile: "rfc9068",
      input: ["azp"],
      expected: [/takes the audience from/],
    },
    {
      name: "one claim more for rfc9068",
      profile: "rfc9068",
      input: ["aud", "client_id"],
      expected: [/takes the audience from `aud` only/],
    },
    ...["sub", "exp", "nbf", "iat", "jti", "cnf", "/cnf/jkt"].map((claim) => ({
      name: `the claim ${claim}`,
      profile: "generic",
      input: ["aud", claim],
      expected: [/audienceClaims\[1\]: `\w+` is never an audience/],
    })),
    { name: "an item of aud", profile: "generic", input: ["/aud/0"], expected: [/`aud` is not an object/] },
    { name: "a part of iss", profile: "generic", input: ["/iss/0"], expected: [/`iss` is not an object/] },
    {
      name: "a claim twice",
      profile: "generic",
      input: ["azp", "/azp"],
      expected: [/\[1\]: This claim is already listed/],
    },
    { name: "no claim", profile: "generic", input: [], expected: [/audienceClaims: This is empty/] },
    { name: "a broken pointer", profile: "generic", input: ["/~"], expected: [/This is not a JSON Pointer/] },
  ])("cannot be $name", ({ profile, input, expected }) => {
    expect(faultsOf(fileWith(profile, input))).toEqual(expected.map((text) => expect.stringMatching(text)));
  });
});
