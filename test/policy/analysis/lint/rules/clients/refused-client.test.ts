import { expect, it } from "vitest";
import { lintsOf, withIssuer, withMembers } from "../../../../../support/policy/lints.ts";

const clients = { all: { scopes: ["read:orders", "write:orders"] }, web: { id: "4kq7l2", scopes: ["read:orders"] } };
const refused = "refused-client $.clients.web";
const unenforced = "unregistered-clients $.issuers.main";

it.each([
  { name: "a client whose id is not in the audiences", audiences: ["all"], expected: [refused, unenforced] },
  {
    name: "its name in the audiences, which is not its id",
    audiences: ["all", "web"],
    expected: [refused, unenforced],
  },
  { name: "no client whose id is there", audiences: ["all", "4kq7l2"], expected: [unenforced] },
  { name: "no client that can ask for an audience", audiences: ["all", "https://api.example"], expected: [unenforced] },
])("reports $name", ({ audiences, expected }) => {
  expect(lintsOf(withMembers({ clients, ...withIssuer({ audiences }) }))).toEqual(expected);
});

it("reports every client where none gets in, and not the routes too", () => {
  const file = withMembers({ clients, ...withIssuer({ audiences: ["other"] }) });
  expect(lintsOf(file)).toEqual(["refused-client $.clients.all", refused, unenforced]);
});

it("reports routes that only a refused client could call, together", () => {
  const held = { all: { scopes: ["write:orders"] }, web: { id: "4kq7l2", scopes: ["read:orders"] } };
  expect(lintsOf(withMembers({ clients: held, ...withIssuer({ audiences: ["all"] }) }))).toEqual([
    "unmeetable-requirement $.routes[0].scopes",
    refused,
    unenforced,
  ]);
});

it("reports a scope that only a refused client holds, where another scope is enough", () => {
  const route = { path: "/both", methods: ["GET"], scopes: ["read:orders", "write:orders"], upstream: "orders" };
  const held = { all: { scopes: ["write:orders"] }, web: { id: "4kq7l2", scopes: ["read:orders"] } };
  const file = withMembers({ routes: [route], clients: held, ...withIssuer({ audiences: ["all"] }) });
  expect(lintsOf(file)).toEqual(["unheld-scope $.routes[0].scopes", refused, unenforced]);
});

it("reports nothing where no route reads a token", () => {
  const routes = [{ path: "/", methods: ["GET"], public: true, upstream: "orders" }];
  const file = withMembers({ routes, clients, ...withIssuer({ audiences: ["all"] }) });
  expect(lintsOf(file).filter((line) => line.startsWith("refused-client"))).toEqual([]);
});
