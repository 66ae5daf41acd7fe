import { describe, expect, test } from "vitest";
import { compiled, faultsOf, policyFileWith } from "../../../support/policy/policy-file.ts";

const ONE = "11111111-aaaa-4111-8111-111111111111";
const TWO = "22222222-bbbb-4222-8222-222222222222";
const ENTRA = {
  issuer: "https://login.example/{tenant}/v2.0",
  tenants: [ONE, TWO],
  tenantClaim: "tid",
  jwksUri: "https://login.example/common/keys",
  profile: "generic",
  audiences: ["api"],
};
const withEntra = (members: Record<string, unknown>, others: Record<string, unknown> = {}) =>
  policyFileWith({ issuers: { entra: { ...ENTRA, ...members }, ...others } });
const without = (member: keyof typeof ENTRA) =>
  policyFileWith({ issuers: { entra: Object.fromEntries(Object.entries(ENTRA).filter(([name]) => name !== member)) } });

describe("an issuer's tenants are taken from the file", () => {
  test.each([
    { name: "listed", input: {}, expected: { accepted: new Set([ONE, TWO]), claim: ["tid"] } },
    { name: "any", input: { tenants: "any" }, expected: { accepted: "any" } },
    { name: "a pointer to the claim", input: { tenantClaim: "/org/tid" }, expected: { claim: ["org", "tid"] } },
    {
      name: "the segment at the end",
      input: { issuer: "https://login.example/{tenant}" },
      expected: { before: "https://login.example/", after: "" },
    },
    {
      name: "a slash behind it",
      input: { issuer: "https://login.example/t/{tenant}/" },
      expected: { before: "https://login.example/t/", after: "/" },
    },
    {
      name: "http on loopback",
      input: { issuer: "http://127.0.0.1:8788/{tenant}" },
      expected: { before: "http://127.0.0.1:8788/" },
    },
  ])("$name", ({ input, expected }) => {
    const [issuer] = compiled(withEntra(input)).issuers.values();
    expect(issuer?.tenants).toMatchObject(expected);
  });

  test("with variables", () => {
    const variable = (name: string) => `\${${name}}`;
    const file = withEntra({ issuer: `${variable("LOGIN")}/{tenant}`, tenants: [variable("HOME")] });
    const [issuer] = compiled(file, { LOGIN: "https://id.example", HOME: TWO }).issuers.values();
    expect(issuer).toMatchObject({ issuer: "https://id.example/{tenant}", tenants: { accepted: new Set([TWO]) } });
    expect(faultsOf(file, { LOGIN: "https://id.example", HOME: "home" })).toEqual([
      expect.stringContaining("`home` is not a GUID."),
    ]);
  });

  test("not at all, where the file has none", () => {
    const [issuer] = compiled(policyFileWith({})).issuers.values();
    expect(issuer?.tenants).toBeUndefined();
  });
});

describe("an issuer's tenants are refused", () => {
  const AT = "$.issuers.entra";
  const NOT_A_SEGMENT = [
    `${AT}.issuer: \`{tenant}\` is not one whole segment of the path, or the address has a query or a fragment. Write it between two slashes, as in https://login.microsoftonline.com/{tenant}/v2.0.`,
  ];
  test.each([
    {
      name: "without their claim",
      input: without("tenantClaim"),
      expected: [
        `${AT}: \`issuer\` has \`{tenant}\`, so the issuer needs \`tenantClaim\`. Name the claim with the tenant. Entra ID writes "tid".`,
      ],
    },
    {
      name: "without a list",
      input: without("tenants"),
      expected: [
        `${AT}: \`issuer\` has \`{tenant}\`, so the issuer needs \`tenants\`. List the GUIDs of the accepted tenants, or write "any" and give a reason under \`lint\`.`,
      ],
    },
    {
      name: "without the address of the keys, even in a default",
      input: without("jwksUri"),
      expected: [
        `${AT}: \`issuer\` has \`{tenant}\`, so the issuer needs \`jwksUri\`. Write the address of the keys of all tenants, such as https://login.microsoftonline.com/common/discovery/v2.0/keys.`,
      ],
    },
    {
      name: "without their place in `issuer`",
      input: withEntra({ issuer: "https://login.example/v2.0" }),
      expected: [
        `${AT}.tenants: \`issuer\` has no \`{tenant}\`. Write it there, or remove \`tenants\`.`,
        `${AT}.tenantClaim: \`issuer\` has no \`{tenant}\`. Write it there, or remove \`tenantClaim\`.`,
      ],
    },
    {
      name: "with `iss` as the audience, which names a tenant",
      input: withEntra({ audienceClaims: ["aud", "iss"] }),
      expected: [`${AT}.audienceClaims: \`iss\` names the tenant here. Name a claim that says whom the token is for.`],
    },
    {
      name: "with the placeholder of Entra's own metadata",
      input: policyFileWith({
        issuers: { entra: { issuer: "https://login.example/{tenantid}/v2.0", profile: "cognito" } },
      }),
      expected: [
        `${AT}.issuer: \`{tenantid}\` is not a placeholder here. Write \`{tenant}\` and list the \`tenants\`.`,
      ],
    },
    {
      name: "with two places",
      input: withEntra({ issuer: "https://login.example/{tenant}/{tenant}" }),
      expected: [`${AT}.issuer: \`{tenant}\` stands there twice. Keep the one that is a path segment.`],
    },
    {
      name: "in a part of a segment",
      input: withEntra({ issuer: "https://a.example/x-{tenant}" }),
      expected: NOT_A_SEGMENT,
    },
    {
      name: "before more of a segment",
      input: withEntra({ issuer: "https://a.example/{tenant}.x" }),
      expected: NOT_A_SEGMENT,
    },
    { name: "in the host", input: withEntra({ issuer: "https://{tenant}.a.example" }), expected: NOT_A_SEGMENT },
    { name: "as the host", input: withEntra({ issuer: "https://{tenant}/v2.0" }), expected: NOT_A_SEGMENT },
    { name: "in the query", input: withEntra({ issuer: "https://a.example/?t=/{tenant}" }), expected: NOT_A_SEGMENT },
    { name: "before a query", input: withEntra({ issuer: "https://a.example/{tenant}?a" }), expected: NOT_A_SEGMENT },
    { name: "in the fragment", input: withEntra({ issuer: "https://a.example/#/{tenant}" }), expected: NOT_A_SEGMENT },
    {
      name: "over http",
      input: withEntra({ issuer: "http://login.example/{tenant}" }),
      expected: [
        `${AT}.issuer: The URL is neither https nor http on loopback. Use https, so that nobody can read or alter the traffic.`,
      ],
    },
    {
      name: "with a place in the address of the keys",
      input: withEntra({ jwksUri: "https://login.example/{tenant}/keys" }),
      expected: [`${AT}.jwksUri: One key set serves all tenants. Write the address that is the same for all of them.`],
    },
    {
      name: "as an empty list",
      input: withEntra({ tenants: [] }),
      expected: [`${AT}.tenants: This is empty. List at least one.`],
    },
    {
      name: "by name, twice, and in upper case",
      input: withEntra({ tenants: ["contoso.example", ONE, ONE, TWO.toUpperCase()] }),
      expected: [
        `${AT}.tenants[0]: \`contoso.example\` is not a GUID. Write the tenant's id, such as 00000000-0000-0000-0000-000000000000.`,
        `${AT}.tenants[2]: The tenant \`${ONE}\` is listed twice. Remove one of them.`,
        `${AT}.tenants[3]: The GUID has upper-case letters. Write it as tokens have it: ${TWO}.`,
      ],
    },
    ...["iss", "aud", "exp", "nbf", "iat", "cnf"].map((name) => ({
      name: `${name} for the tenant`,
      input: withEntra({ tenantClaim: name }),
      expected: [
        `${AT}.tenantClaim: The claim \`${name}\` never names the tenant. Name the claim with the tenant. Entra ID writes "tid".`,
      ],
    })),
    {
      name: "with a faulty pointer",
      input: withEntra({ tenantClaim: "/a~2" }),
      expected: [`${AT}.tenantClaim: This is not a JSON Pointer. Write "~0" for "~".`],
    },
  ])("$name", ({ input, expected }) => expect(faultsOf(input)).toEqual(expected));

  test("as another word than any", () => {
    expect(faultsOf(withEntra({ tenants: "all" }))).toEqual([expect.stringContaining(`${AT}.tenants`)]);
  });
});

describe("two issuers that one value of `iss` would mean", () => {
  const clash = (twin: string) => [
    `$.issuers.entra.issuer: Tokens of one tenant would also belong to the issuer \`${twin}\`. Remove the tenant from one of them: one value of \`iss\` has one set of rules.`,
  ];
  const other = (issuer: string, members = {}) => ({ other: { ...ENTRA, issuer, ...members } });
  const plain = (tenant: string) => ({
    other: { issuer: `https://login.example/${tenant}/v2.0`, profile: "cognito" },
  });
  test.each([
    { name: "an exact one for a listed tenant", input: withEntra({}, plain(ONE)), expected: clash("other") },
    { name: "an exact one, beside any", input: withEntra({ tenants: "any" }, plain(ONE)), expected: clash("other") },
    { name: "an exact one for another tenant", input: withEntra({ tenants: [TWO] }, plain(ONE)), expected: [] },
    { name: "an exact one that is no tenant", input: withEntra({ tenants: "any" }, plain("common")), expected: [] },
    {
      name: "two templates at other places",
      input: withEntra({}, other("https://x.example/{tenant}/v2.0")),
      expected: [],
    },
    {
      name: "two templates that meet",
      input: withEntra({ issuer: `https://x.example/{tenant}/${TWO}` }, other(`https://x.example/${ONE}/{tenant}`)),
      expected: clash("other"),
    },
    {
      name: "two templates whose tenants keep them apart",
      input: withEntra(
        { issuer: `https://x.example/{tenant}/${TWO}`, tenants: [TWO] },
        other(`https://x.example/${ONE}/{tenant}`),
      ),
      expected: [],
    },
  ])("$name", ({ input, expected }) => expect(faultsOf({ ...input, clients: {} })).toEqual(expected));

  test("the same template twice", () => {
    expect(faultsOf(withEntra({}, other(ENTRA.issuer)))).toEqual([
      expect.stringContaining("The issuer `entra` has the same value."),
    ]);
  });
});
