import { describe, expect, it } from "vitest";
import { unmeetableRequirement } from "../../../../../src/policy/analysis/lint/rules/unmeetable-requirement.ts";
import { COLLECTION, type FileWithRoutes, ITEM, lintsOf } from "../../../../support/policy/lints.ts";
import { compiled, policyFileWith } from "../../../../support/policy/policy-file.ts";

const clients = { reader: { scopes: ["read:orders"] } };
const both = { ...ITEM, path: "/both", scopes: { allOf: ["read:orders", "write:orders"] } };

const TWO = {
  main: { issuer: "https://issuer.example", profile: "cognito" },
  partner: { issuer: "https://partner.example", profile: "cognito" },
};

it.each([
  {
    name: "a requirement that no client can meet, once for its route",
    file: policyFileWith({ clients, routes: [COLLECTION, ITEM, both] }),
    expected: ["unmeetable-requirement $.routes[2].scopes"],
  },
  {
    name: "nothing where no client is listed",
    file: policyFileWith({ routes: [COLLECTION, ITEM, both] }),
    expected: [],
  },
  {
    name: "nothing where what a client holds implies the scope",
    file: policyFileWith({
      clients,
      routes: [COLLECTION, ITEM, both],
      resourceServers: {
        api: { scopes: { "write:orders": "", "read:orders": { description: "", implies: ["write:orders"] } } },
      },
    }),
    expected: [],
  },
  {
    name: "a requirement that the accepted issuers may not grant, though no client is listed",
    file: policyFileWith({
      issuers: TWO,
      resourceServers: { api: { issuers: ["main"], scopes: { "read:orders": "", "write:orders": "" } } },
      routes: [COLLECTION, { ...ITEM, issuers: ["main"] }, { ...both, issuers: ["partner"] }],
    }),
    expected: ["unmeetable-requirement $.routes[2].scopes"],
  },
  {
    name: "a requirement that only a client of a refused issuer meets",
    file: policyFileWith({
      issuers: TWO,
      resourceServers: { api: { scopes: { "read:orders": "" } } },
      clients: { reader: { issuer: "main", scopes: ["read:orders"] } },
      routes: [COLLECTION, { ...ITEM, issuers: ["partner"] }],
    }),
    expected: ["unmeetable-requirement $.routes[1].scopes", "unlimited-issuer $.issuers.main"],
  },
])("$name", ({ file, expected }) => {
  const lints = lintsOf(file as FileWithRoutes);
  expect(lints.filter((line) => !line.startsWith("unregistered-clients"))).toEqual(expected);
});

it("reports a condition on a tenant that no accepted issuer has, and no other", () => {
  const entra = { issuer: "https://login.example/{tenant}", jwksUri: "https://login.example/keys", profile: "generic" };
  const tenants = ["11111111-aaaa-4111-8111-111111111111", "22222222-bbbb-4222-8222-222222222222"];
  const issuers = { entra: { ...entra, audiences: ["api"], tenants: tenants.slice(0, 1), tenantClaim: "tid" } };
  const found = tenants.map((tenant) => {
    const routes = [{ path: "/x", methods: ["GET"], scopes: [{ claim: "tid", in: [tenant] }], upstream: "orders" }];
    return unmeetableRequirement(compiled(policyFileWith({ issuers, routes, clients: {} }))).map(
      ({ message }) => message,
    );
  });
  expect(found).toEqual([[], ["None of the accepted issuers has both the required scopes and the required tenants."]]);
});

describe("a route that asks for bound tokens", () => {
  const issuer = (name: string, mtls: string) => ({
    ...{ issuer: `https://${name}.example`, profile: "generic", audiences: ["api"], registeredClientsOnly: true },
    binding: { mtls },
  });
  const resourceServers = { api: { issuers: ["main"], scopes: { "read:orders": "" } } };
  const ofMain = { web: { issuer: "main", scopes: ["read:orders"] } };
  const bound = { path: "/x", methods: ["GET"], senderConstrained: true, upstream: "orders" };
  const impossible =
    "A bound token is required, and no issuer that meets the rest of the requirement has bound tokens.";
  const unmet = "A bound token is required, and no client that meets the rest of the requirement has bound tokens.";

  it.each([
    { name: "of no issuer", modes: ["refused", "refused"], asks: { authenticated: true }, expected: [impossible] },
    {
      name: "of no issuer of a client",
      modes: ["refused", "accepted"],
      asks: { authenticated: true },
      expected: [unmet],
    },
    { name: "of a client's issuer", modes: ["accepted", "refused"], asks: { authenticated: true }, expected: [] },
    { name: "that are required", modes: ["required", "refused"], asks: { scopes: ["read:orders"] }, expected: [] },
    {
      name: "of an issuer that may not grant the scopes",
      modes: ["refused", "accepted"],
      asks: { scopes: ["read:orders"] },
      expected: [impossible],
    },
  ])("$name", ({ modes: [main = "", partner = ""], asks, expected }) => {
    const issuers = { main: issuer("main", main), partner: issuer("partner", partner) };
    const file = policyFileWith({ issuers, resourceServers, clients: ofMain, routes: [{ ...bound, ...asks }] });
    const found = unmeetableRequirement(compiled(file));
    expect(found.map(({ message }) => message)).toEqual(expected);
    for (const { path } of found) expect(path).toEqual(["routes", 0, "senderConstrained"]);
  });

  it("is reported for its scopes if no client could meet them with a bearer token either", () => {
    const issuers = { main: issuer("main", "refused") };
    const file = policyFileWith({
      issuers,
      resourceServers: { api: { scopes: { "read:orders": "", admin: "" } } },
      clients: ofMain,
      routes: [{ ...bound, issuers: ["main"], scopes: ["admin"] }],
    });
    expect(unmeetableRequirement(compiled(file))).toMatchObject([{ path: ["routes", 0, "scopes"] }]);
  });
});
