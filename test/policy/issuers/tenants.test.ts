import { describe, expect, it } from "vitest";
import {
  acceptsTenant,
  firstTenant,
  isGuid,
  isKeyOfTenant,
  issuerOf,
  listedIss,
  SOME_TENANT,
  tenantIn,
  tokenIss,
} from "../../../src/policy/issuers/tenants.ts";
import { issuerOf as issuerWith } from "../../support/policy/example-policy.ts";

const ONE = "11111111-aaaa-4111-8111-111111111111";
const TWO = "22222222-bbbb-4222-8222-222222222222";
const BEFORE = "https://login.example/";
const AFTER = "/v2.0";
const iss = (tenant: string) => BEFORE + tenant + AFTER;

function entra(
  accepted: ReadonlySet<string> | "any" = new Set([ONE]),
  changes: { before?: string; after?: string } = {},
) {
  const ends = { before: BEFORE, after: AFTER, ...changes };
  const tenants = { ...ends, accepted, claim: ["tid"] };
  return issuerWith({ name: "entra", issuer: `${ends.before}{tenant}${ends.after}`, tenants });
}

const exact = issuerWith({ name: "exact", issuer: "https://issuer.example" });
const issuersOf = (...all: ReturnType<typeof entra>[]) => ({ issuers: new Map(all.map((it) => [it.issuer, it])) });

describe("isGuid", () => {
  it.each([
    { name: "lower case", text: ONE, expected: true },
    { name: "upper case", text: ONE.toUpperCase(), expected: true },
    { name: "a letter that is no hex digit", text: ONE.replace("1", "g"), expected: false },
    { name: "a hyphen too few", text: `${ONE.slice(0, 8)}1${ONE.slice(9)}`, expected: false },
    { name: "a character too many", text: `${ONE}1`, expected: false },
    { name: "a character too few", text: ONE.slice(1), expected: false },
    { name: "a line break at the end", text: `${ONE}\n`, expected: false },
    { name: "braces", text: `{${ONE}}`, expected: false },
    { name: "nothing", text: "", expected: false },
  ])("$name: $expected", ({ text, expected }) => expect(isGuid(text)).toBe(expected));
});

describe("issuerOf", () => {
  const policy = issuersOf(exact, entra());
  it.each([
    { name: "an exact value", value: "https://issuer.example", expected: "exact" },
    { name: "a listed tenant", value: iss(ONE), expected: "entra" },
    { name: "a tenant that is not listed", value: iss(TWO), expected: "entra" },
    { name: "a GUID in upper case", value: iss(ONE.toUpperCase()), expected: "entra" },
    { name: "the template itself", value: iss("{tenant}"), expected: undefined },
    { name: "another placeholder", value: iss("{tenantid}"), expected: undefined },
    { name: "a name of a tenant", value: iss("contoso.example"), expected: undefined },
    { name: "a word that stands for all tenants", value: iss("common"), expected: undefined },
    { name: "no tenant", value: iss(""), expected: undefined },
    { name: "a slash at the end", value: `${iss(ONE)}/`, expected: undefined },
    { name: "a query", value: `${iss(ONE)}?a=b`, expected: undefined },
    { name: "a fragment", value: `${iss(ONE)}#a`, expected: undefined },
    { name: "a segment more before", value: `${BEFORE}x/${ONE}${AFTER}`, expected: undefined },
    { name: "a segment more behind", value: `${BEFORE}${ONE}/x${AFTER}`, expected: undefined },
    { name: "dots that lead back", value: `${BEFORE}x/../${ONE}${AFTER}`, expected: undefined },
    { name: "an encoded slash", value: `${BEFORE}x%2F${ONE}${AFTER}`, expected: undefined },
    { name: "an encoded hyphen", value: iss(ONE.replace("-", "%2D")), expected: undefined },
    { name: "an upper-case host", value: iss(ONE).replace("login", "LOGIN"), expected: undefined },
    { name: "a port", value: iss(ONE).replace(".example", ".example:443"), expected: undefined },
    { name: "http", value: iss(ONE).replace("https", "http"), expected: undefined },
    { name: "a blank", value: ` ${iss(ONE)}`, expected: undefined },
    { name: "a name of every object", value: "constructor", expected: undefined },
    { name: "nothing", value: "", expected: undefined },
  ])("of $name", ({ value, expected }) => expect(issuerOf(policy, value)?.name).toBe(expected));

  it("is the one that accepts the tenant, where the form fits several", () => {
    const first = { ...entra(new Set([TWO]), { before: `${BEFORE}`, after: `/${TWO}` }), name: "first" };
    const second = { ...entra(new Set([TWO]), { before: `${BEFORE}${ONE}/`, after: "" }), name: "second" };
    for (const all of [issuersOf(first, second), issuersOf(second, first)]) {
      expect(issuerOf(all, `${BEFORE}${ONE}/${TWO}`)?.name).toBe("second");
    }
  });
});

it.each([
  { name: "a listed one", accepted: new Set([ONE]), tenant: ONE, expected: true },
  { name: "one that is not listed", accepted: new Set([ONE]), tenant: TWO, expected: false },
  { name: "a listed one in upper case", accepted: new Set([ONE]), tenant: ONE.toUpperCase(), expected: false },
  { name: "any", accepted: "any" as const, tenant: TWO, expected: true },
  { name: "any, in upper case", accepted: "any" as const, tenant: TWO.toUpperCase(), expected: false },
  { name: "any, that is no GUID", accepted: "any" as const, tenant: "common", expected: false },
])("accepts a tenant: $name: $expected", ({ accepted, tenant, expected }) => {
  expect(acceptsTenant(entra(accepted), tenant)).toBe(expected);
});

it("finds no tenant, and accepts none, of an issuer without tenants", () => {
  expect([tenantIn(exact, iss(ONE)), acceptsTenant(exact, ONE)]).toEqual([undefined, false]);
});

it.each([
  { name: "those of the listed tenants", issuer: entra(new Set([ONE, TWO])), expected: [iss(ONE), iss(TWO)] },
  { name: "none where any tenant is accepted", issuer: entra("any"), expected: [] },
  { name: "the value itself without tenants", issuer: exact, expected: ["https://issuer.example"] },
])("lists values of iss: $name", ({ issuer, expected }) => expect(listedIss(issuer)).toEqual(expected));

it("names the iss of a token", () => {
  expect(tokenIss(entra(), TWO)).toBe(iss(TWO));
  expect(tokenIss(exact, undefined)).toBe("https://issuer.example");
});

it("has a tenant for examples", () => {
  expect(["any" as const, new Set([TWO])].map((accepted) => firstTenant({ accepted }))).toEqual([SOME_TENANT, TWO]);
});

it.each([
  { name: "without the member is one of every tenant", key: undefined, expected: true },
  { name: "of every tenant", key: iss("{tenantid}"), expected: true },
  { name: "of every tenant, as the policy writes it", key: iss("{tenant}"), expected: true },
  { name: "of the tenant", key: iss(ONE), expected: true },
  { name: "of another tenant", key: iss(TWO), expected: false },
  { name: "of another issuer", key: "https://sts.example/{tenantid}/", expected: false },
  { name: "with another placeholder", key: iss("{id}"), expected: false },
  { name: "with nothing in it", key: "", expected: false },
])("a key $name: $expected", ({ key, expected }) => expect(isKeyOfTenant(key, iss(ONE), ONE)).toBe(expected));
