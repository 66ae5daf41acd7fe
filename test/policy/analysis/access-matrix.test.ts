import fc from "fast-check";
import { describe, expect, it } from "vitest";
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

const [OURS, THEIRS] = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];

/** The marks of the columns of mapped values for one route. */
function marksOf(scopes: readonly unknown[], issuer: Record<string, unknown>, path = "/orders/:id") {
  const policy = compiled(
    policyFileWith({
      issuers: { main: { issuer: "https://issuer.example", profile: "cognito", ...issuer } },
      clients: { web: { scopes: ["read:orders"] } },
      routes: [{ path, methods: ["GET"], scopes, upstream: "orders" }],
    }),
  );
  const { grants = [], rows } = accessMatrix(policy, true);
  return grants.map(({ value }, at) => {
    const [row] = rows;
    const isConditional = row?.conditional?.[row.allowed.length + at] ?? false;
    return [value, row?.granted?.[at] ? (isConditional ? "if" : "yes") : "no"];
  });
}

describe("the columns of mapped values", () => {
  const groups = { grants: { groups: { staff: ["read:orders"], boss: ["write:orders", "read:orders"] } } };
  const single = { grants: { sub: { ann: ["read:orders"], "a/b": ["read:orders"] } } };
  const tenants = (accepted: readonly string[] | "any") => ({
    issuer: "https://login.example/{tenant}/v2.0",
    ...{ jwksUri: "https://login.example/keys", tenants: accepted, tenantClaim: "tid" },
    grants: { tid: { [OURS]: ["read:orders"], [THEIRS]: ["read:orders"] } },
  });
  it.each([
    {
      name: "know that the value itself meets a condition",
      scopes: [{ allOf: ["read:orders", { claim: "groups", in: ["staff"] }] }],
      issuer: groups,
      expected: [
        ["staff", "yes"],
        ["boss", "if"],
      ],
    },
    {
      name: "leave out what only a value with more scopes meets",
      scopes: [{ allOf: ["read:orders", { claim: "groups", in: ["boss"] }] }],
      issuer: groups,
      expected: [
        ["staff", "no"],
        ["boss", "yes"],
      ],
    },
    {
      name: "take other values for free that grant nothing",
      scopes: [{ allOf: ["read:orders", { claim: "groups", in: ["guest"] }] }],
      issuer: groups,
      expected: [
        ["staff", "if"],
        ["boss", "if"],
      ],
    },
    {
      name: "know that a subject is one string",
      scopes: [{ allOf: ["read:orders", { claim: "sub", in: ["bob"] }] }],
      issuer: single,
      expected: [
        ["ann", "no"],
        ["a/b", "no"],
      ],
    },
    {
      name: "know which values a segment can equal",
      scopes: [{ allOf: ["read:orders", { param: "id", equals: "sub" }] }],
      issuer: single,
      expected: [
        ["ann", "if"],
        ["a/b", "no"],
      ],
    },
    {
      name: "know which tenants the issuer accepts",
      scopes: ["read:orders"],
      issuer: tenants([OURS]),
      expected: [
        [OURS, "yes"],
        [THEIRS, "no"],
      ],
    },
    {
      name: "know that a token has one tenant",
      scopes: [{ allOf: ["read:orders", { claim: "tid", in: [THEIRS] }] }],
      issuer: tenants("any"),
      expected: [
        [OURS, "no"],
        [THEIRS, "yes"],
      ],
    },
    {
      name: "keep to what a registration allows",
      scopes: [{ allOf: ["write:orders", { claim: "dept", in: ["x"] }] }],
      issuer: { ...groups, registeredClientsOnly: true },
      expected: [
        ["staff", "no"],
        ["boss", "no"],
      ],
    },
  ])("$name", ({ scopes, issuer, expected }) => {
    expect(marksOf(scopes, issuer)).toEqual(expected);
  });

  it("open what is public to every value, also of tenants that are not accepted", () => {
    const policy = compiled(
      policyFileWith({
        issuers: { main: { profile: "cognito", ...tenants([OURS]) } },
        routes: [
          { path: "/", methods: ["GET"], public: true, upstream: "orders" },
          { path: "/me", methods: ["GET"], authenticated: true, upstream: "orders" },
        ],
      }),
    );
    expect(accessMatrix(policy, true).rows.map(({ granted }) => granted)).toEqual([
      [true, true],
      [true, false],
    ]);
  });
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

it.each(["toString", "valueOf"])("has no name for a client `%s` that has none", (key) => {
  const scopes = ["read:orders"];
  const clients = Object.fromEntries([
    [key, { scopes }],
    ["web", { name: "Web shop", scopes }],
  ]);
  const { clientNames } = accessMatrix(compiled(policyFileWith({ clients })));
  expect([clientNames?.[key], clientNames?.["web"]]).toEqual([undefined, "Web shop"]);
});
