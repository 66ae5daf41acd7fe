import { describe, expect, it } from "vitest";
import { admits, admitsAnyone, authorize, type Holder, meets } from "../../src/policy/authorize.ts";
import type { Requirement, ScopeExpression } from "../../src/policy/policy.ts";

const scope = (name: string): ScopeExpression => ({ kind: "scope", name });
const anyOf = (...of: readonly ScopeExpression[]): ScopeExpression => ({ kind: "anyOf", of });
const allOf = (...of: readonly ScopeExpression[]): ScopeExpression => ({ kind: "allOf", of });

const PUBLIC: Requirement = { kind: "public" };
const OPTIONAL: Requirement = { kind: "optional" };
const AUTHENTICATED: Requirement = { kind: "authenticated" };
const READ: Requirement = { kind: "scopes", expression: scope("api/read"), mentioned: ["api/read"] };
const OWN: Requirement = { kind: "authenticated", issuers: ["own", "partner"] };
const READ_OWN: Requirement = { ...READ, issuers: ["own"] };

const holder = (scopes: readonly string[], issuer = "own"): Holder => ({ issuer, effective: new Set(scopes) });

describe("authorize", () => {
  it.each([
    { name: "a public route admits a caller without a token", requirement: PUBLIC, expected: "permitted" },
    { name: "a public route admits a caller with a token", requirement: PUBLIC, scopes: [], expected: "permitted" },
    { name: "an optional route admits a caller without a token", requirement: OPTIONAL, expected: "permitted" },
    {
      name: "an optional route admits a caller with a token",
      requirement: OPTIONAL,
      scopes: [],
      expected: "permitted",
    },
    { name: "an authenticated route needs a token", requirement: AUTHENTICATED, expected: "token-needed" },
    { name: "an authenticated route needs no scope", requirement: AUTHENTICATED, scopes: [], expected: "permitted" },
    { name: "a route with scopes needs a token first", requirement: READ, expected: "token-needed" },
    { name: "a route with scopes needs them", requirement: READ, scopes: ["api/write"], expected: "scopes-needed" },
    { name: "a route with scopes admits who has them", requirement: READ, scopes: ["api/read"], expected: "permitted" },
    { name: "a restricted route needs a token first", requirement: OWN, expected: "token-needed" },
    { name: "a restricted route admits its first issuer", requirement: OWN, scopes: [], expected: "permitted" },
    {
      name: "a restricted route admits its last issuer",
      requirement: OWN,
      scopes: [],
      issuer: "partner",
      expected: "permitted",
    },
    {
      name: "a restricted route admits no other issuer",
      requirement: OWN,
      scopes: [],
      issuer: "other",
      expected: "issuer-refused",
    },
    {
      name: "a restricted route admits no issuer by the beginning of its name",
      requirement: OWN,
      scopes: [],
      issuer: "ow",
      expected: "issuer-refused",
    },
    {
      name: "a restricted route admits nobody if it names no issuer",
      requirement: { ...OWN, issuers: [] },
      scopes: [],
      expected: "issuer-refused",
    },
    {
      name: "a restricted route refuses another issuer before it looks at scopes",
      requirement: READ_OWN,
      scopes: ["api/read"],
      issuer: "partner",
      expected: "issuer-refused",
    },
    { name: "a restricted route needs scopes, too", requirement: READ_OWN, scopes: [], expected: "scopes-needed" },
    {
      name: "a public route admits the token of any issuer",
      requirement: PUBLIC,
      scopes: [],
      issuer: "other",
      expected: "permitted",
    },
  ])("$name", ({ requirement, scopes, issuer, expected }) => {
    expect(authorize(requirement, scopes && holder(scopes, issuer))).toBe(expected);
  });

  it.each([
    { name: "of a kind that there is not", requirement: { kind: "trusted" } },
    { name: "of the kind of an object's own member", requirement: { kind: "constructor" } },
    { name: "without a kind", requirement: {} },
    { name: "without its expression", requirement: { kind: "scopes" } },
    {
      name: "with an expression of a kind that there is not",
      requirement: { kind: "scopes", expression: { kind: "not" } },
    },
    { name: "with an expression without its parts", requirement: { kind: "scopes", expression: { kind: "allOf" } } },
    {
      name: "with a part of a kind that there is not",
      requirement: { kind: "scopes", expression: { kind: "allOf", of: [scope("api/read"), { kind: "not" }] } },
    },
  ])("a damaged requirement admits nobody: $name", ({ requirement }) => {
    const damaged = requirement as unknown as Requirement;
    expect(authorize(damaged, undefined)).toBe("token-needed");
    expect(() => authorize(damaged, holder(["api/read"]))).toThrow();
  });
});

describe("admitsAnyone", () => {
  it.each([
    { requirement: PUBLIC, expected: true },
    { requirement: OPTIONAL, expected: true },
    { requirement: AUTHENTICATED, expected: false },
    { requirement: READ, expected: false },
    { requirement: OWN, expected: false },
  ])("is $expected for a requirement that is $requirement.kind", ({ requirement, expected }) => {
    expect(admitsAnyone(requirement)).toBe(expected);
  });
});

describe("meets", () => {
  it.each([
    { name: "a scope by its exact name", expression: scope("api/read"), scopes: ["api/read"], expected: true },
    {
      name: "no scope by the beginning of its name",
      expression: scope("api/read"),
      scopes: ["api/rea"],
      expected: false,
    },
    { name: "no scope in another case", expression: scope("api/read"), scopes: ["api/READ"], expected: false },
    { name: "any of several by one", expression: anyOf(scope("a"), scope("b")), scopes: ["b"], expected: true },
    {
      name: "any of several not by another",
      expression: anyOf(scope("a"), scope("b")),
      scopes: ["c"],
      expected: false,
    },
    { name: "all of several by all", expression: allOf(scope("a"), scope("b")), scopes: ["a", "b"], expected: true },
    { name: "all of several not by one", expression: allOf(scope("a"), scope("b")), scopes: ["a"], expected: false },
    {
      name: "groups in groups",
      expression: allOf(scope("a"), anyOf(scope("b"), allOf(scope("c"), scope("d")))),
      scopes: ["a", "c", "d"],
      expected: true,
    },
    {
      name: "groups in groups, all of each",
      expression: allOf(scope("a"), anyOf(scope("b"), allOf(scope("c"), scope("d")))),
      scopes: ["a", "c"],
      expected: false,
    },
  ])("$name", ({ expression, scopes, expected }) => {
    expect(meets(expression, new Set(scopes))).toBe(expected);
  });
});

describe("a route that asks how and when the user authenticated", () => {
  const FRESH: Requirement = { ...AUTHENTICATED, authentication: { acr: ["otp"], maxAgeSeconds: 60 } };
  const READ_FRESH: Requirement = { ...READ_OWN, authentication: { acr: ["otp"], maxAgeSeconds: 60 } };
  const BOTH = ["acr otp", "authenticated within 60"];

  it.each([
    { name: "needs a token first", requirement: FRESH, scopes: undefined, expected: "token-needed" },
    {
      name: "needs an accepted issuer next",
      requirement: READ_FRESH,
      issuer: "partner",
      scopes: [],
      expected: "issuer-refused",
    },
    {
      name: "needs scopes before the authentication",
      requirement: READ_FRESH,
      scopes: BOTH,
      expected: "scopes-needed",
    },
    { name: "needs the class", requirement: FRESH, scopes: BOTH.slice(1), expected: "authentication-needed" },
    { name: "needs the time", requirement: FRESH, scopes: BOTH.slice(0, 1), expected: "authentication-needed" },
    {
      name: "needs both beside scopes",
      requirement: READ_FRESH,
      scopes: ["api/read"],
      expected: "authentication-needed",
    },
    { name: "admits who has both", requirement: FRESH, scopes: BOTH, expected: "permitted" },
    { name: "admits who has all", requirement: READ_FRESH, scopes: ["api/read", ...BOTH], expected: "permitted" },
  ])("$name", ({ requirement, scopes, issuer, expected }) => {
    expect(authorize(requirement, scopes && holder(scopes, issuer))).toBe(expected);
  });

  it("can be called by a holder of the scopes, for tools", () => {
    expect(admits(FRESH, holder([]))).toBe(true);
    expect(admits(READ_FRESH, holder(["api/read"]))).toBe(true);
    expect(admits(READ_FRESH, holder([]))).toBe(false);
    expect(admits(READ_FRESH, undefined)).toBe(false);
  });
});
