import { expect, it } from "vitest";
import { COLLECTION, type FileWithRoutes, ITEM, lintsOf } from "../../../../support/policy/lints.ts";
import { policyFileWith } from "../../../../support/policy/policy-file.ts";

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
    expected: ["unmeetable-requirement $.routes[1].scopes"],
  },
])("$name", ({ file, expected }) => {
  const lints = lintsOf(file as FileWithRoutes);
  expect(lints.filter((line) => !line.startsWith("unregistered-clients"))).toEqual(expected);
});
