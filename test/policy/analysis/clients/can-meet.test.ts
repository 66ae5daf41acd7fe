import { describe, expect, it } from "vitest";
import { accessMatrix } from "../../../../src/policy/analysis/access-matrix.ts";
import { diffPolicies } from "../../../../src/policy/analysis/diff/diff-policies.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";
import { TENANTS } from "../../../support/policy/random-tenants.ts";

const [ONE, TWO] = TENANTS;
const READ = "read:orders";
const ofTwo = { claim: "tid", in: [TWO] };
const ofStaff = { claim: "groups", in: ["staff"] };
const ofClient = { param: "t", equals: "client_id" };

interface Input {
  readonly scopes: readonly unknown[];
  readonly tenants?: readonly string[] | "any";
  readonly entra?: object;
  readonly client?: object;
}

function policyWith({ scopes, tenants = [ONE], entra = {}, client = {} }: Input) {
  const common = { profile: "generic", audiences: ["api"], registeredClientsOnly: true };
  const issuers = {
    entra: {
      ...common,
      issuer: "https://login.example/{tenant}",
      jwksUri: "https://login.example/keys",
      tenants,
      tenantClaim: "tid",
      ...entra,
    },
    partner: { ...common, issuer: "https://partner.example" },
  };
  const routes = [{ path: "/t/:t", methods: ["GET"], scopes, upstream: "orders" }];
  const clients = { app: { issuer: "entra", scopes: [READ], ...client } };
  return compiled(policyFileWith({ issuers, clients, routes }));
}

/** What the matrix says of the only client on the only route. */
function cell(input: Input): string {
  const [row] = accessMatrix(policyWith(input)).rows;
  if (row?.allowed[0]) return row.conditional?.[0] ? "if" : "yes";
  return row?.unenforced[0] ? "unenforced" : "no";
}

const all = (...parts: readonly unknown[]) => [{ allOf: parts }];
const open = { registeredClientsOnly: false };
const staffWrites = { grants: { groups: { staff: ["write:orders"] } } };

describe("a client opens a route with conditions", () => {
  it.each<{ name: string; input: Input; expected: string }>([
    { name: "never if its issuer refuses the tenant", input: { scopes: all(READ, ofTwo) }, expected: "no" },
    {
      name: "if its issuer accepts the tenant",
      input: { scopes: all(READ, ofTwo), tenants: [ONE, TWO] },
      expected: "if",
    },
    { name: "if its issuer accepts any tenant", input: { scopes: all(READ, ofTwo), tenants: "any" }, expected: "if" },
    {
      name: "if it is a client of another issuer, which has no tenants and may write the claim",
      input: { scopes: all(READ, ofTwo), client: { issuer: "partner" } },
      expected: "if",
    },
    {
      name: "never with a scope that it lacks, although its issuer accepts the tenant",
      input: { scopes: all("write:orders", ofTwo), tenants: [TWO] },
      expected: "no",
    },
    { name: "without them where a scope is enough", input: { scopes: [READ, ofTwo] }, expected: "yes" },
    {
      name: "never, even where registrations are not enforced, if its issuer refuses the tenant",
      input: { scopes: all(READ, ofTwo), entra: open },
      expected: "no",
    },
    {
      name: "beyond its registration where only that refuses a scope",
      input: { scopes: all("write:orders", ofTwo), tenants: [TWO], entra: open },
      expected: "unenforced",
    },
    {
      name: "beyond its registration if the claim's value brings a scope that it may not have",
      input: { scopes: [ofStaff], entra: { ...open, ...staffWrites } },
      expected: "unenforced",
    },
    {
      name: "if the claim's value brings a scope that it may have",
      input: { scopes: [ofStaff], entra: { ...open, ...staffWrites }, client: { scopes: ["write:orders"] } },
      expected: "if",
    },
    {
      name: "if the gateway cuts what the claim's value brings",
      input: { scopes: [ofStaff], entra: staffWrites },
      expected: "if",
    },
    {
      name: "if a segment can be its id",
      input: { scopes: all(READ, ofClient), client: { id: "app-1" } },
      expected: "if",
    },
    {
      name: "never if no segment can be its id",
      input: { scopes: all(READ, ofClient), client: { id: "app/1" } },
      expected: "no",
    },
  ])("$name", ({ input, expected }) => {
    expect(cell(input)).toBe(expected);
  });
});

it("a client gains and loses calls when its issuer accepts a tenant, or no longer does", () => {
  const [without, accepting] = [[ONE], [ONE, TWO]].map((tenants) => policyWith({ scopes: all(READ, ofTwo), tenants }));
  if (without === undefined || accepting === undefined) throw new Error("no policies");
  const changes = (...pair: readonly [typeof without, typeof without]) =>
    diffPolicies(...pair).clients.map(({ client, gained, lost }) => [client, gained.length, lost.length]);
  expect(changes(without, accepting)).toEqual([["app", 1, 0]]);
  expect(changes(accepting, without)).toEqual([["app", 0, 1]]);
  expect(changes(accepting, accepting)).toEqual([]);
});
