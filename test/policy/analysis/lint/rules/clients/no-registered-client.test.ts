import { expect, it } from "vitest";
import { lintsOf, withIssuer, withMembers } from "../../../../../support/policy/lints.ts";

it.each([
  {
    name: "an issuer that insists on them where there are none",
    members: withIssuer({ registeredClientsOnly: true }),
    expected: ["no-registered-client $.issuers.main.registeredClientsOnly"],
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
