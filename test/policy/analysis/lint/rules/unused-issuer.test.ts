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

const cognito = (issuer: string) => ({ issuer, profile: "cognito" });
it.each([
  { name: "an issuer that every route leaves out", accepting: [["main"], ["main"]], expected: ["$.issuers.partner"] },
  { name: "no issuer that one route names", accepting: [["main"], ["partner"]], expected: [] },
  { name: "no issuer where a route accepts all", accepting: [["main"], undefined], expected: [] },
])("reports $name", ({ accepting, expected }) => {
  const issuers = { main: cognito("https://issuer.example"), partner: cognito("https://partner.example") };
  const routes = accepting.map((names, at) => ({
    path: `/${at}`,
    methods: ["GET"],
    scopes: ["read:orders"],
    upstream: "orders",
    ...(names && { issuers: names }),
  }));
  const found = lintsOf(withMembers({ issuers, routes })).filter((line) => line.startsWith("unused-issuer"));
  expect(found).toEqual(expected.map((path) => `unused-issuer ${path}`));
});
