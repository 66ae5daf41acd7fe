import { expect, it } from "vitest";
import { lintsOf, withIssuer, withMembers } from "../../../../../support/policy/lints.ts";

it.each([
  {
    name: "registered clients that nobody insists on, and one whose scopes open nothing",
    members: { clients: { all: { scopes: ["read:orders", "write:orders"] }, none: { scopes: [] } } },
    expected: ["client-opens-nothing $.clients.none.scopes", "unregistered-clients $.issuers.main"],
  },
  {
    name: "not an issuer that insists on them",
    members: {
      clients: { all: { scopes: ["read:orders", "write:orders"] } },
      ...withIssuer({ registeredClientsOnly: true }),
    },
    expected: [],
  },
])("$name", ({ members, expected }) => {
  expect(lintsOf(withMembers(members))).toEqual(expected);
});
