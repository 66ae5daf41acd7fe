import { expect, test } from "vitest";
import { faultsOf, policyFileWith } from "../../../support/policy/policy-file.ts";

const ONE = "11111111-aaaa-4111-8111-111111111111";
const TWO = "22222222-bbbb-4222-8222-222222222222";
const OTHER = "33333333-cccc-4333-8333-333333333333";

function faultsOfRoute(scopes: unknown, tenants: unknown = [ONE, TWO], path = "/orders") {
  return faultsOf(
    policyFileWith({
      issuers: {
        entra: {
          issuer: "https://login.example/{tenant}",
          jwksUri: "https://login.example/keys",
          tenants,
          tenantClaim: "tid",
          profile: "generic",
          audiences: ["api"],
        },
      },
      routes: [{ path, methods: ["GET"], scopes, upstream: "orders" }],
    }),
  );
}
const of = (...tenants: string[]) => ({ claim: "tid", in: tenants });

test.each([
  { name: "one of several tenants", scopes: [of(ONE)], expected: [] },
  { name: "one of any tenants", scopes: [of(OTHER)], tenants: "any", expected: [] },
  { name: "the tenant in the path", scopes: [{ param: "t", equals: "tid" }], path: "/t/:t", expected: [] },
  { name: "alternatives", scopes: [{ allOf: ["read:orders", of(ONE)] }, of(TWO)], expected: [] },
  { name: "a tenant that is not accepted", scopes: [of(OTHER)], expected: [] },
  {
    name: "a tenant that is no GUID, of any",
    scopes: [of("contoso")],
    tenants: "any",
    expected: [],
  },
  { name: "all tenants", scopes: [of(TWO, ONE)], expected: [] },
  { name: "the only tenant", scopes: [of(ONE)], tenants: [ONE], expected: [] },
  { name: "two tenants at once, which no token has", scopes: { allOf: [of(ONE), of(TWO)] }, expected: [] },
  {
    name: "a tenant that is also in the path",
    scopes: { allOf: [of(ONE), { param: "t", equals: "tid" }] },
    path: "/t/:t",
    expected: ["The requirement can need `tid in"],
  },
  {
    name: "something inside the tenant",
    scopes: [{ claim: "/tid/x", in: ["a"] }],
    expected: ["`tid` is read as a value elsewhere, and `/tid/x` is inside it."],
  },
])("a condition on the tenant: $name", ({ scopes, tenants, path, expected }) => {
  const faults = faultsOfRoute(scopes, tenants, path);
  expect(faults).toHaveLength(expected.length);
  for (const [index, text] of expected.entries()) expect(faults[index]).toContain(text);
});
