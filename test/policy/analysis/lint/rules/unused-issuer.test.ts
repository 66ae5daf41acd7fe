import { expect, it } from "vitest";
import { lintsOf, withMembers } from "../../../../support/policy/lints.ts";

it.each([
  {
    name: "an issuer that no route needs",
    members: { routes: [{ path: "/", methods: ["GET"], public: true, upstream: "orders" }], resourceServers: {} },
    expected: ["unused-issuer $.issuers.main"],
  },
])("$name", ({ members, expected }) => {
  expect(lintsOf(withMembers(members))).toEqual(expected);
});
