import { expect, it } from "vitest";
import { COLLECTION, lintsWithCode, ROUTES, withMembers } from "../../../../../support/policy/lints.ts";
import { policyFile } from "../../../../../support/policy/policy-file.ts";

const one = { issuer: "https://one.example", profile: "cognito" };
const two = { issuer: "https://two.example", profile: "cognito" };
const limited = { "https://api.example": { ...policyFile().resourceServers["https://api.example"], issuers: ["one"] } };

it.each([
  {
    name: "each of several issuers, as one",
    members: { issuers: { one, two } },
    expected: ["unlimited-issuer $.issuers.one"],
  },
  {
    name: "only those that accept any client",
    members: { issuers: { one: { ...one, registeredClientsOnly: true }, two } },
    expected: ["unlimited-issuer $.issuers.two"],
  },
  { name: "no issuer that is the only one", members: { issuers: { one } }, expected: [] },
  {
    name: "none where a resource server names issuers",
    members: { issuers: { one, two }, resourceServers: limited },
    expected: [],
  },
  {
    name: "none where a route names issuers",
    members: { issuers: { one, two }, routes: [...ROUTES, { ...COLLECTION, path: "/x", issuers: ["one"] }] },
    expected: [],
  },
])("reports $name", ({ members, expected }) => {
  expect(lintsWithCode(withMembers(members), "unlimited-issuer")).toEqual(expected);
});
