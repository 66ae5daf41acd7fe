import { expect, it } from "vitest";
import { lintsOf, withMembers } from "../../../../support/policy/lints.ts";

it.each([
  {
    name: "an upstream that no route goes to",
    members: { upstreams: { orders: { url: "https://orders.example" }, old: { url: "https://old.example" } } },
    expected: ["unused-upstream $.upstreams.old"],
  },
])("$name", ({ members, expected }) => {
  expect(lintsOf(withMembers(members))).toEqual(expected);
});
