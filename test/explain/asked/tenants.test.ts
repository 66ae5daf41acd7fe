import { expect, it } from "vitest";
import { assumedCaller } from "../../../src/explain/caller.ts";
import { callerWithClaims } from "../../../src/explain/claims-caller.ts";
import { explainRequest } from "../../../src/explain/explain-request.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const ONE = "11111111-aaaa-4111-8111-111111111111";
const TWO = "22222222-bbbb-4222-8222-222222222222";
const iss = (tenant: string) => `https://login.example/${tenant}/v2.0`;
const entra = {
  issuer: iss("{tenant}"),
  tenants: [ONE],
  tenantClaim: "/org/tid",
  scopeClaim: "/org/scp",
  jwksUri: "https://login.example/keys",
  profile: "generic",
  audiences: ["api"],
};
const policy = compiled(policyFileWith({ issuers: { entra } }));
const granting = compiled(
  policyFileWith({ issuers: { entra: { ...entra, grants: { "/org/tid": { [ONE]: ["read:orders"] } } } } }),
);
const asked = { method: "GET", url: "https://gw.example/orders" };

it.each([
  { name: "of the first tenant", tenant: undefined },
  { name: "of the tenant that is named", tenant: ONE },
])("assumes a token $name, with its claims beside the scopes", async ({ tenant }) => {
  const caller = assumedCaller({ client: undefined, scopes: ["read:orders"], tenant }, policy);
  const { outcome, forwarded, caller: shown } = await explainRequest(policy, asked, caller);
  expect(outcome).toBe("forwarded");
  expect(forwarded?.headers).toMatchObject({ "x-auth-tenant": ONE, "x-auth-issuer": iss(ONE) });
  expect(shown.remarks).toContain(`The token's \`iss\` is assumed to be \`${iss(ONE)}\`.`);
});

it.each([
  { name: "its tenant", tenant: undefined, value: ONE, expected: undefined },
  { name: "its tenant, which is named, too", tenant: ONE, value: ONE, expected: undefined },
  { name: "another tenant than the one that is named", tenant: TWO, value: ONE, expected: "tenant-mismatch" },
  { name: "a tenant that is not accepted", tenant: undefined, value: TWO, expected: "tenant-mismatch" },
  { name: "no tenant", tenant: undefined, value: "staff", expected: "tenant-mismatch" },
])("assumes a token with a value that is $name: $expected", async ({ tenant, value, expected }) => {
  const values = [{ claim: ["org", "tid"], value }];
  const caller = assumedCaller({ client: undefined, scopes: [], values, tenant }, granting);
  const { refusal } = await explainRequest(granting, asked, caller);
  expect(refusal?.reason).toBe(expected);
});

it("says which tenant was expected", async () => {
  const caller = assumedCaller({ client: undefined, scopes: ["read:orders"], tenant: TWO }, policy);
  const { refusal, hints } = await explainRequest(policy, asked, caller);
  expect(refusal?.reason).toBe("tenant-mismatch");
  expect(hints).toEqual([`The \`iss\` names the tenant \`${TWO}\`. The issuer \`entra\` accepts \`${ONE}\`.`]);
});

it.each([
  { name: "that name no tenant", claims: { org: { scp: "read:orders", tid: ONE } }, expected: undefined },
  { name: "of a tenant by iss", claims: { iss: iss(ONE), org: { tid: ONE } }, expected: "scope-insufficient" },
  { name: "of two tenants", claims: { iss: iss(ONE), org: { tid: TWO } }, expected: "tenant-mismatch" },
  { name: "of a tenant that is not listed", claims: { org: { tid: TWO } }, expected: "tenant-mismatch" },
])("completes claims $name: $expected", async ({ claims, expected }) => {
  const caller = callerWithClaims(claims, policy, [...policy.issuers.values()]);
  const { refusal } = await explainRequest(policy, asked, caller);
  expect(refusal?.reason).toBe(expected);
});

it("says of a token with two tenants what its claim must be", async () => {
  const caller = callerWithClaims({ iss: iss(ONE), org: { tid: TWO } }, policy, [...policy.issuers.values()]);
  const { hints } = await explainRequest(policy, asked, caller);
  expect(hints).toContain(`The token's \`/org/tid\` is "${TWO}". It must be \`${ONE}\`, too.`);
});
