import fc from "fast-check";
import { expect, it } from "vitest";
import { accessMatrix } from "../../../src/policy/analysis/access-matrix.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";
import { permits, randomPolicyFile, runs } from "../../support/policy/random-policy.ts";

it("has a row for each route and a column for each client", () => {
  const upstream = "orders";
  const policy = compiled(
    policyFileWith({
      clients: { reader: { scopes: ["read:orders"] }, none: { scopes: [] } },
      routes: [
        {
          path: "/orders",
          methods: ["GET"],
          scopes: ["read:orders", { allOf: ["write:orders", "read:orders"] }],
          upstream,
        },
        { path: "/me", methods: ["*"], authenticated: true, upstream },
        { path: "/", methods: ["GET", "POST"], public: true, upstream },
      ],
    }),
  );
  const row = { upstream, isPublic: false };
  expect(accessMatrix(policy)).toEqual({
    clients: ["reader", "none"],
    rows: [
      {
        ...row,
        methods: ["GET"],
        path: "/orders",
        requirement: "read:orders or (write:orders and read:orders)",
        allowed: [true, false],
        unenforced: [false, true],
      },
      {
        ...row,
        methods: ["*"],
        path: "/me",
        requirement: "any token",
        allowed: [true, true],
        unenforced: [false, false],
      },
      {
        ...row,
        methods: ["GET", "POST"],
        path: "/",
        requirement: "public",
        isPublic: true,
        allowed: [true, true],
        unenforced: [false, false],
      },
    ],
    unrestrictedIssuers: ["main"],
  });
});

it.each([
  { name: "none that restricts clients to their registration", members: {}, expected: [] },
  {
    name: "each other one",
    members: {
      issuers: {
        closed: { issuer: "https://closed.example", profile: "cognito", registeredClientsOnly: true },
        open: { issuer: "https://open.example", profile: "cognito" },
        off: { issuer: "https://off.example", profile: "cognito", registeredClientsOnly: false },
      },
    },
    expected: ["open", "off"],
  },
  {
    name: "none where no route reads a token",
    members: {
      issuers: { open: { issuer: "https://open.example", profile: "cognito" } },
      routes: [{ path: "/", methods: ["GET"], public: true, upstream: "orders" }],
    },
    expected: [],
  },
])("names as issuers that enforce nothing $name", ({ members, expected }) => {
  const issuers = { main: { issuer: "https://issuer.example", profile: "cognito", registeredClientsOnly: true } };
  const policy = compiled(policyFileWith({ issuers, ...members }));
  expect(accessMatrix(policy).unrestrictedIssuers).toEqual(expected);
});

it("opens what is public, and nothing else, to a client whose tokens are not accepted", () => {
  const route = { path: "/orders", methods: ["GET"], upstream: "orders" };
  const policy = compiled(
    policyFileWith({
      issuers: { main: { issuer: "https://issuer.example", profile: "cognito", audiences: ["web"] } },
      clients: { web: { scopes: ["read:orders"] }, old: { scopes: ["read:orders"] } },
      routes: [
        { ...route, scopes: ["read:orders"] },
        { ...route, path: "/me", authenticated: true },
        { ...route, path: "/", public: true },
      ],
    }),
  );
  const { rows } = accessMatrix(policy);
  expect(rows.flatMap(({ unenforced }) => unenforced)).not.toContain(true);
  expect(rows.map(({ path, allowed }) => [path, ...allowed])).toEqual([
    ["/orders", true, false],
    ["/me", true, false],
    ["/", true, true],
  ]);
});

it("agrees with what decides on requests", () => {
  fc.assert(
    fc.property(randomPolicyFile, (file) => {
      const policy = compiled(file);
      const clients = [...policy.clients.values()];
      for (const [index, { allowed, isPublic }] of accessMatrix(policy).rows.entries()) {
        const route = policy.routes[index];
        if (route === undefined) throw new Error("no such route");
        expect(isPublic).toBe(permits(policy, route, undefined));
        expect(allowed).toEqual(clients.map(({ scopes }) => permits(policy, route, [...scopes])));
      }
    }),
    runs(300),
  );
});
