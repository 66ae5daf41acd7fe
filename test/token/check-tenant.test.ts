import { describe, expect, it } from "vitest";
import { Denial } from "../../src/answer/denial.ts";
import { admit } from "../../src/token/admit.ts";
import { checkIssTenant, checkTenantClaim } from "../../src/token/check-tenant.ts";
import { issuerOf, policyOf } from "../support/policy/example-policy.ts";
import { claimsOf, NOW_MS } from "../support/token/tokens.ts";

const ONE = "11111111-aaaa-4111-8111-111111111111";
const TWO = "22222222-bbbb-4222-8222-222222222222";
const iss = (tenant: string) => `https://login.example/${tenant}`;
const entra = (claim: readonly string[] = ["tid"]) =>
  issuerOf({
    issuer: iss("{tenant}"),
    tenants: { before: "https://login.example/", after: "", accepted: new Set([ONE]), claim },
  });

it.each([
  { name: "of a listed tenant", value: iss(ONE), expected: undefined },
  { name: "of another tenant", value: iss(TWO), expected: "tenant-mismatch" },
  { name: "of no tenant", value: iss("common"), expected: "tenant-mismatch" },
  { name: "of another issuer", value: "https://issuer.example", expected: "tenant-mismatch" },
])("an iss $name: $expected", ({ value, expected }) => {
  expect(checkIssTenant(value, entra())?.reason).toBe(expected);
});

it.each([
  { name: "the tenant of iss", claims: { iss: iss(ONE), tid: ONE }, expected: undefined },
  { name: "another tenant", claims: { iss: iss(ONE), tid: TWO }, expected: "tenant-mismatch" },
  { name: "a tenant that is not listed, twice", claims: { iss: iss(TWO), tid: TWO }, expected: "tenant-mismatch" },
  { name: "nothing", claims: { iss: iss(ONE) }, expected: "tenant-mismatch" },
  { name: "the tenant, and no iss", claims: { tid: ONE }, expected: "tenant-mismatch" },
  { name: "nothing, as the iss", claims: {}, expected: "tenant-mismatch" },
])("a claim that names $name: $expected", ({ claims, expected }) => {
  expect(checkTenantClaim(claims, entra())?.reason).toBe(expected);
});

it("reads the claim by a pointer, and names it in the log", () => {
  const issuer = entra(["org", "tid"]);
  expect(checkTenantClaim({ iss: iss(ONE), org: { tid: ONE } }, issuer)).toBeUndefined();
  expect(checkTenantClaim({ iss: iss(ONE), tid: ONE, org: {} }, issuer)?.detail).toContain("`org/tid`");
});

it("asks nothing of an issuer without tenants", () => {
  expect([checkIssTenant("x", issuerOf()), checkTenantClaim({}, issuerOf())]).toEqual([undefined, undefined]);
});

describe("admit", () => {
  const policy = policyOf([entra()]);
  it("tells the tenant of a token", () => {
    expect(admit(claimsOf({ iss: iss(ONE), tid: ONE }), entra(), policy, NOW_MS)).toMatchObject({ tenant: ONE });
    expect(admit(claimsOf(), issuerOf(), policy, NOW_MS)).toMatchObject({ tenant: undefined });
  });

  it("refuses the token of another tenant", () => {
    const found = admit(claimsOf({ iss: iss(ONE), tid: TWO }), entra(), policy, NOW_MS);
    expect(found instanceof Denial && found.reason).toBe("tenant-mismatch");
  });
});
