import { expect, it } from "vitest";
import { isWrittenAlike } from "../../../../src/policy/analysis/diff/written-alike.ts";
import type { Requirement, ScopeExpression } from "../../../../src/policy/policy.ts";

const scope = (name: string): ScopeExpression => ({ kind: "scope", name });
const scopes = (expression: ScopeExpression, others: object = {}): Requirement => ({
  kind: "scopes",
  expression,
  mentioned: [],
  ...others,
});
const any = (...names: string[]): ScopeExpression => ({ kind: "anyOf", of: names.map(scope) });

it.each([
  { name: "an equal one", other: scopes(any("a", "b")), expected: true },
  { name: "one with the scopes in another order", other: scopes(any("b", "a")), expected: false },
  { name: "one with a scope more", other: scopes(any("a", "b", "c")), expected: false },
  { name: "one with another group", other: scopes({ kind: "allOf", of: [scope("a"), scope("b")] }), expected: false },
  { name: "one for an issuer", other: scopes(any("a", "b"), { issuers: ["main"] }), expected: false },
  { name: "one for bound tokens", other: scopes(any("a", "b"), { senderConstrained: true }), expected: false },
  { name: "one with a step-up", other: scopes(any("a", "b"), { authentication: { acr: ["mfa"] } }), expected: true },
  { name: "one without scopes", other: { kind: "authenticated" } as const, expected: false },
  { name: "a public one", other: { kind: "public" } as const, expected: false },
])("a requirement is written like $name: $expected", ({ other, expected }) => {
  expect(isWrittenAlike(scopes(any("a", "b")), other)).toBe(expected);
  expect(isWrittenAlike(other, scopes(any("a", "b")))).toBe(expected);
});
