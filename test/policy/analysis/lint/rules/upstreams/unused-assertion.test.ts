import { expect, it } from "vitest";
import { lintsOf, withMembers } from "../../../../../support/policy/lints.ts";

const assertion = { issuer: "https://gateway.example", trustDomain: "internal.example", keys: { secret: "KEYS" } };
const asking = { orders: { url: "https://orders.example", assertion: true } };
const openRoute = { path: "/open", methods: ["GET"], public: true, upstream: "orders" };

it.each([
  { name: "assertions that no upstream gets", members: { assertion }, expected: ["unused-assertion $.assertion"] },
  { name: "assertions that an upstream gets", members: { assertion, upstreams: asking }, expected: [] },
  {
    name: "an upstream with public routes only",
    members: { assertion, upstreams: asking, routes: [openRoute] },
    expected: ["unused-assertion $.upstreams.orders.assertion"],
  },
  {
    name: "an upstream with an optional route",
    members: {
      assertion,
      upstreams: asking,
      routes: [openRoute, { path: "/may", methods: ["GET"], optional: true, upstream: "orders" }],
    },
    expected: [],
  },
])("$name", ({ members, expected }) => {
  expect(lintsOf(withMembers(members)).filter((lint) => lint.startsWith("unused-assertion"))).toEqual(expected);
});
