import { expect, it } from "vitest";
import { lintsOf, withMembers } from "../../../../support/policy/lints.ts";

it.each([
  {
    name: "a scope that no route requires",
    members: { resourceServers: { api: { scopes: { "read:orders": "", "write:orders": "", other: "" } } } },
    expected: ["unused-scope $.resourceServers.api.scopes.other"],
  },
  {
    name: "not a scope that implies one that is required",
    members: {
      resourceServers: {
        api: {
          scopes: { "read:orders": "", "write:orders": "", all: { description: "", implies: ["read:orders"] } },
        },
      },
    },
    expected: [],
  },
])("$name", ({ members, expected }) => {
  expect(lintsOf(withMembers(members))).toEqual(expected);
});
