import { describe, expect, it } from "vitest";
import { createAccessOf } from "../../../../src/policy/analysis/formulas/access.ts";
import { isOriginOf, originsOf } from "../../../../src/policy/analysis/formulas/origins.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";
import { TENANTS } from "../../../support/policy/random-tenants.ts";

const [ONE, TWO, THREE] = TENANTS;
const ROUTE = { path: "/t/:t", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" };

function policyWith({
  tenants = [ONE, TWO, THREE],
  scopes = ["read:orders"],
  issuer = {},
  more = [],
  ...members
}: {
  tenants?: readonly string[] | "any";
  scopes?: readonly unknown[];
  issuer?: object;
  more?: readonly object[];
  clients?: object;
}) {
  const entra = {
    issuer: "https://login.example/{tenant}",
    jwksUri: "https://login.example/keys",
    profile: "generic",
    audiences: ["api"],
    tenants,
    tenantClaim: "tid",
    ...issuer,
  };
  const partner = { issuer: "https://partner.example", profile: "generic", audiences: ["api"] };
  const routes = [{ ...ROUTE, scopes }, ...more.map((it) => ({ ...ROUTE, ...it }))];
  return compiled(policyFileWith({ issuers: { entra, partner }, routes, ...members }));
}
const tenantsOf = (...policies: ReturnType<typeof policyWith>[]) =>
  originsOf(...policies).flatMap(({ tenant }) => (tenant ? [tenant.name] : []));

describe("origins tell tenants apart", () => {
  it.each([
    { name: "only where a condition looks at them", input: {}, expected: [] },
    { name: "that a condition lists", input: { scopes: [{ claim: "tid", in: [TWO] }] }, expected: [TWO, ONE] },
    {
      name: "not that are not accepted",
      input: { tenants: [ONE], scopes: [{ claim: "tid", in: [TWO] }] },
      expected: [ONE],
    },
    {
      name: "that a path fixes where a parameter must equal the tenant",
      input: { scopes: [{ param: "t", equals: "tid" }], more: [{ path: `/t/${THREE}` }] },
      expected: [THREE, ONE],
    },
    {
      name: "that grant scopes",
      input: { issuer: { grants: { tid: { [TWO]: ["read:orders"] } } } },
      expected: [TWO, ONE],
    },
  ])("$name", ({ input, expected }) => {
    expect(tenantsOf(policyWith(input))).toEqual(expected);
  });

  it("has an unknown one where any is accepted", () => {
    const found = tenantsOf(policyWith({ tenants: "any", scopes: [{ claim: "tid", in: [TWO] }] }));
    expect(found).toHaveLength(2);
    expect(TENANTS).not.toContain(found[1]);
  });

  it("apart that only one of two policies accepts", () => {
    const scopes = [{ claim: "tid", in: [TWO] }];
    const both = [policyWith({ tenants: [ONE, TWO], scopes }), policyWith({ tenants: [TWO, THREE], scopes })];
    const accepted = originsOf(...both).flatMap(({ tenant }) => (tenant ? [tenant.isAccepted] : []));
    expect(accepted).toEqual([
      [true, true],
      [true, false],
      [false, true],
    ]);
  });
});

describe("origins tell clients apart", () => {
  const grants = { groups: { staff: ["read:orders"] } };
  const clients = {
    web: { issuer: "entra", scopes: ["read:orders"] },
    job: { issuer: "entra", scopes: ["write:orders"] },
    bot: { issuer: "entra", scopes: ["write:orders"] },
  };
  const scopes = [{ claim: "groups", in: ["staff"] }];
  const groupsOf = (policy: ReturnType<typeof policyWith>) =>
    originsOf(policy).map((origin) =>
      [...policy.clients.values()].filter((it) => isOriginOf(origin, it)).map((it) => it.name),
    );

  it("where a registration cuts what a condition brings along", () => {
    const policy = policyWith({ issuer: { registeredClientsOnly: true, grants }, clients, scopes });
    expect(groupsOf(policy)).toEqual([["web"], ["job", "bot"], []]);
  });

  it("not where nothing is cut", () => {
    expect(groupsOf(policyWith({ issuer: { grants }, clients, scopes }))).toEqual([["web", "job", "bot"], []]);
  });
});

it("a policy whose grants and tenants no condition looks at has one origin and its own expressions as formulas", () => {
  const policy = policyWith({
    issuer: { grants: { groups: { staff: ["read:orders"] } } },
    scopes: ["read:orders", { claim: "tier", in: ["gold"] }],
    more: [{ path: "/plain" }],
  });
  const origins = originsOf(policy);
  expect(origins).toHaveLength(1);
  const plain = policy.routes[1]?.requirement;
  if (plain?.kind !== "scopes") throw new Error("scopes");
  expect(createAccessOf(policy, origins).byIssuer(plain)[0]).toBe(plain.expression);
});
