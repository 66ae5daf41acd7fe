import { expect, it } from "vitest";
import {
  COLLECTION,
  lintsWithCode,
  messagesOf,
  ROUTES,
  WRITE,
  withMembers,
} from "../../../../../support/policy/lints.ts";
import { policyFile } from "../../../../../support/policy/policy-file.ts";

const one = { issuer: "https://one.example", profile: "cognito" };
const two = { issuer: "https://two.example", profile: "cognito" };
const limited = { "https://api.example": { ...policyFile().resourceServers["https://api.example"], issuers: ["one"] } };
const other = { "https://other.example": { name: "Other", scopes: { "read:other": "Read" } } };
const OF_OTHER = { path: "/other", methods: ["GET"], scopes: ["read:other"], upstream: "orders" };

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
    name: "none where each resource server names issuers",
    members: { issuers: { one, two }, resourceServers: limited },
    expected: [],
  },
  {
    name: "none where each route names issuers",
    members: { issuers: { one, two }, routes: ROUTES.map((route) => ({ ...route, issuers: ["one"] })) },
    expected: [],
  },
  {
    name: "each where only some route names issuers",
    members: { issuers: { one, two }, routes: [{ ...COLLECTION, issuers: ["one"] }, WRITE] },
    expected: ["unlimited-issuer $.issuers.one"],
  },
  {
    name: "each where a route needs scopes of a resource server that names none",
    members: { issuers: { one, two }, resourceServers: { ...limited, ...other }, routes: [COLLECTION, OF_OTHER] },
    expected: ["unlimited-issuer $.issuers.one"],
  },
  {
    name: "none where no route needs scopes of a resource server that names none",
    members: { issuers: { one, two }, resourceServers: { ...limited, ...other } },
    expected: [],
  },
  {
    name: "none where routes need no scopes",
    members: {
      issuers: { one, two },
      routes: [{ path: "/x", methods: ["GET"], authenticated: true, upstream: "orders" }],
    },
    expected: [],
  },
])("reports $name", ({ members, expected }) => {
  expect(lintsWithCode(withMembers(members), "unlimited-issuer")).toEqual(expected);
});

it("names the route on which every issuer counts, if some lists stand", () => {
  const members = { issuers: { one, two }, routes: [{ ...COLLECTION, issuers: ["one"] }, WRITE] };
  const [message] = messagesOf(withMembers(members), "unlimited-issuer");
  expect(message).toContain("every scope that `POST /orders` mentions");
});
