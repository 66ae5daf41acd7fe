import { describe, expect, test } from "vitest";
import { meets } from "../../../src/policy/authorize.ts";
import type { ScopeExpression } from "../../../src/policy/policy.ts";
import { compiled, faultsOf, policyFileWith, policyFileWithRoute } from "../../support/policy/policy-file.ts";

const scope = (name: string): ScopeExpression => ({ kind: "scope", name: `https://api.example/${name}` });
const anyOf = (...of: ScopeExpression[]): ScopeExpression => ({ kind: "anyOf", of });
const allOf = (...of: ScopeExpression[]): ScopeExpression => ({ kind: "allOf", of });
const [read, write] = [scope("read:orders"), scope("write:orders")];

describe("a requirement is compiled", () => {
  test.each([
    { name: "from a list: any one", input: ["read:orders", "write:orders"], expected: anyOf(read, write) },
    { name: "from anyOf", input: { anyOf: ["read:orders"] }, expected: anyOf(read) },
    { name: "from allOf", input: { allOf: ["read:orders", "write:orders"] }, expected: allOf(read, write) },
    { name: "from a full name", input: ["https://api.example/read:orders"], expected: anyOf(read) },
    {
      name: "from nested groups",
      input: { anyOf: ["write:orders", { allOf: ["read:orders", { anyOf: ["write:orders"] }] }] },
      expected: anyOf(write, allOf(read, anyOf(write))),
    },
    { name: "from groups within a list", input: [{ allOf: ["read:orders"] }], expected: anyOf(allOf(read)) },
    { name: "from a wildcard in a list: any of its matches", input: ["*:orders"], expected: anyOf(read, write) },
    { name: "from a wildcard under allOf: all of them", input: { allOf: ["*:orders"] }, expected: allOf(read, write) },
    {
      name: "from a wildcard under anyOf under allOf: any of them",
      input: { allOf: ["read:orders", { anyOf: ["*:orders"] }] },
      expected: allOf(read, anyOf(read, write)),
    },
  ])("$name", ({ input, expected }) => {
    const [route] = compiled(policyFileWithRoute({ scopes: input })).routes;
    expect(route?.requirement).toMatchObject({ kind: "scopes", expression: expected });
  });

  test("with every scope it mentions, once and in order", () => {
    const scopes = { anyOf: ["write:orders", { allOf: ["read:orders", "write:orders"] }] };
    expect(compiled(policyFileWithRoute({ scopes })).routes[0]?.requirement).toMatchObject({
      mentioned: ["https://api.example/write:orders", "https://api.example/read:orders"],
    });
  });

  test.each([
    { name: "any valid token", input: { authenticated: true }, expected: { kind: "authenticated" } },
    { name: "a token that may be left out", input: { optional: true }, expected: { kind: "optional" } },
    { name: "nothing", input: { public: true }, expected: { kind: "public" } },
  ])("to $name", ({ input, expected }) => {
    expect(compiled(policyFileWithRoute(input)).routes[0]?.requirement).toEqual(expected);
  });
});

describe("a requirement is refused", () => {
  test.each([
    {
      name: "when there is none",
      input: {},
      expected: [
        '$.routes[0]: The route does not say who may call it. Add "scopes", "authenticated": true, "optional": true or "public": true.',
      ],
    },
    {
      name: "when there are two",
      input: { scopes: ["read:orders"], public: true },
      expected: ["$.routes[0]: The route has `scopes` and `public`. Keep one of them and remove the others."],
    },
    {
      name: "when a token is both optional and needed",
      input: { optional: true, authenticated: true },
      expected: ["$.routes[0]: The route has `authenticated` and `optional`. Keep one of them and remove the others."],
    },
    {
      name: "when an optional token is denied rather than left out",
      input: { optional: false },
      expected: ["$.routes[0].optional: Found false. Write true."],
    },
    {
      name: "when openness is denied rather than left out",
      input: { public: false },
      expected: ["$.routes[0].public: Found false. Write true."],
    },
    {
      name: "when its list is empty",
      input: { scopes: [] },
      expected: ["$.routes[0].scopes: This is empty. List at least one."],
    },
    {
      name: "when a nested list is empty",
      input: { scopes: ["read:orders", { allOf: [] }] },
      expected: ["$.routes[0].scopes[1].allOf: This is empty. List at least one."],
    },
    {
      name: "when a group is both",
      input: { scopes: { anyOf: ["read:orders"], allOf: ["read:orders"] } },
      expected: [
        "$.routes[0].scopes: This needs exactly one of `anyOf` and `allOf`. To use both, nest one in the other.",
      ],
    },
    {
      name: "when a group is neither",
      input: { scopes: [{}] },
      expected: [
        "$.routes[0].scopes[0]: This needs exactly one of `anyOf` and `allOf`. To use both, nest one in the other.",
      ],
    },
    {
      name: "when a group has another member",
      input: { scopes: { oneOf: ["read:orders"] } },
      expected: ["$.routes[0].scopes.oneOf: This member is unknown. Known here: anyOf, allOf."],
    },
    {
      name: "when a name in it is not declared, deep down",
      input: { scopes: { anyOf: [{ allOf: ["read:orders", "read:odrers"] }] } },
      expected: [
        "$.routes[0].scopes.anyOf[0].allOf[1]: The scope `read:odrers` is not declared. Did you mean `read:orders`?",
      ],
    },
    {
      name: "when a list holds something else, next to an undeclared name",
      input: { scopes: [3, "x"] },
      expected: [
        "$.routes[0].scopes[0]: Found 3. Write a string or an object with `anyOf` or `allOf`.",
        "$.routes[0].scopes[1]: The scope `x` is not declared. Declare it under a resource server.",
      ],
    },
  ])("$name", ({ input, expected }) => {
    expect(faultsOf(policyFileWithRoute(input))).toEqual(expected);
  });
});

describe("granted scopes", () => {
  const [a, b, c] = ["a", "b", "c"].map((name): ScopeExpression => ({ kind: "scope", name })) as [
    ScopeExpression,
    ScopeExpression,
    ScopeExpression,
  ];
  test.each([
    { name: "meet one of a list", expression: anyOf(a, b), granted: ["b"], expected: true },
    { name: "do not meet a list they have none of", expression: anyOf(a, b), granted: ["c"], expected: false },
    { name: "meet all of a list", expression: allOf(a, b), granted: ["b", "a"], expected: true },
    { name: "do not meet all of a list with one", expression: allOf(a, b), granted: ["a"], expected: false },
    { name: "meet a nested group", expression: anyOf(c, allOf(a, b)), granted: ["a", "b"], expected: true },
    { name: "do not meet half of a nested group", expression: anyOf(c, allOf(a, b)), granted: ["a"], expected: false },
    { name: "are compared exactly", expression: anyOf(a), granted: ["A", "a/b", "aa"], expected: false },
    { name: "may be none, which meets nothing", expression: anyOf(a), granted: [], expected: false },
  ])("$name", ({ expression, granted, expected }) => {
    expect(meets(expression, new Set(granted))).toBe(expected);
  });
});

describe("equal requirements", () => {
  const routesWith = (...members: Record<string, unknown>[]) =>
    policyFileWith({
      routes: members.map((it, at) => ({ path: `/${at}`, methods: ["GET"], upstream: "orders", ...it })),
    });
  test.each([
    { name: "in the same words", one: { scopes: ["*:orders"] }, other: { scopes: ["*:orders"] } },
    {
      name: "in other words",
      one: { scopes: ["*:orders"] },
      other: { scopes: { anyOf: ["read:orders", "*te:orders"] } },
    },
    { name: "without scopes", one: { authenticated: true }, other: { authenticated: true } },
  ])("$name are one object", ({ one, other }) => {
    const [first, second] = compiled(routesWith(one, other)).routes;
    expect(first?.requirement).toBe(second?.requirement);
  });

  test("have each of their faults reported", () => {
    expect(faultsOf(routesWith({ scopes: ["nothing"] }, { scopes: ["nothing"] }))).toEqual([
      expect.stringContaining("$.routes[0].scopes[0]"),
      expect.stringContaining("$.routes[1].scopes[0]"),
    ]);
  });
});
