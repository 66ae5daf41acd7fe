import { expect, it } from "vitest";
import { lintPolicy } from "../../../../../../src/policy/analysis/lint/lint-policy.ts";
import { lintsOf, lintsWithCode, ROUTES, withMembers } from "../../../../../support/policy/lints.ts";
import { compiled } from "../../../../../support/policy/policy-file.ts";

it.each([
  {
    name: "registered clients that nobody insists on, and one whose scopes open nothing",
    members: { clients: { all: { scopes: ["read:orders", "write:orders"] }, none: { scopes: [] } } },
    expected: ["client-opens-nothing $.clients.none.scopes", "unregistered-clients $.issuers.main"],
  },
])("$name", ({ members, expected }) => {
  expect(lintsOf(withMembers(members))).toEqual(expected);
});

/** Where a token alone opens a route, to remove the client could close that. */
function hintsOf(file: unknown): string[] {
  return lintPolicy(compiled(file), { routes: [] }).lints.flatMap(({ code, hint }) =>
    code === "client-opens-nothing" ? hint : [],
  );
}

it("a client that can call no route at all may go", () => {
  const clients = { all: { scopes: ["read:orders", "write:orders"] }, none: { scopes: [] } };
  expect(hintsOf(withMembers({ clients }))).toEqual(["Give it the scopes of a route, or remove it."]);
});

it("a client without scopes is meant to be one where any token opens a route", () => {
  const routes = [...ROUTES, { path: "/me", methods: ["GET"], authenticated: true, upstream: "orders" }];
  const clients = { all: { scopes: ["read:orders", "write:orders"] }, none: { scopes: [] } };
  expect(lintsOf(withMembers({ routes, clients }))).toEqual(["unregistered-clients $.issuers.main"]);
});

it("a client with scopes is reported even where any token opens a route", () => {
  const routes = [...ROUTES, { path: "/me", methods: ["GET"], authenticated: true, upstream: "orders" }];
  const file = withMembers({
    routes,
    resourceServers: { api: { scopes: { "read:orders": "", "write:orders": "", other: "" } } },
    clients: { all: { scopes: ["read:orders", "write:orders"] }, odd: { scopes: ["other"] } },
  });
  expect(lintsWithCode(file, "client-opens-nothing")).toEqual(["client-opens-nothing $.clients.odd.scopes"]);
  expect(hintsOf(file)).toEqual([
    "Give it the scopes of a route, or remove its scopes: the routes that it can call need none.",
  ]);
});

it("a client without scopes is reported where only public routes are open to it", () => {
  const routes = [...ROUTES, { path: "/open", methods: ["GET"], public: true, upstream: "orders" }];
  const clients = { all: { scopes: ["read:orders", "write:orders"] }, none: { scopes: [] } };
  expect(lintsWithCode(withMembers({ routes, clients }), "client-opens-nothing")).toEqual([
    "client-opens-nothing $.clients.none.scopes",
  ]);
});

it.each([
  { binding: "required", expected: ["$.clients.odd.scopes"] },
  { binding: "accepted", expected: ["$.clients.odd.scopes"] },
  // No token of the issuer opens the route, so the client was not registered for it, either.
  { binding: "refused", expected: ["$.clients.bare.scopes", "$.clients.odd.scopes"] },
])("a route that any bound token opens asks for no scopes, where binding is $binding", ({ binding, expected }) => {
  const route = { path: "/me", methods: ["GET"], authenticated: true, senderConstrained: true, upstream: "orders" };
  const clients = {
    odd: { scopes: ["other"] },
    bare: { scopes: [] },
    all: { scopes: ["read:orders", "write:orders"] },
  };
  const main = { issuer: "https://issuer.example", profile: "cognito", binding: { mtls: binding } };
  const file = withMembers({
    routes: [...ROUTES, route],
    resourceServers: { api: { scopes: { "read:orders": "", "write:orders": "", other: "" } } },
    clients,
    issuers: { main },
  });
  const { lints } = lintPolicy(compiled(file), { routes: [] });
  const found = lints.flatMap(({ code, path }) => (code === "client-opens-nothing" ? [`$.${path.join(".")}`] : []));
  expect(found.sort()).toEqual(expected);
});
