import { expect, it } from "vitest";
import { lintsOf, withMembers } from "../../../../support/policy/lints.ts";

it.each([
  {
    name: "an upstream reached by http",
    members: { upstreams: { orders: { url: "http://127.0.0.1:8790" } } },
    expected: ["http-upstream $.upstreams.orders.url"],
  },
])("$name", ({ members, expected }) => {
  expect(lintsOf(withMembers(members))).toEqual(expected);
});
