import { expect, it } from "vitest";
import { createIsLooser } from "../../../../../src/policy/analysis/lint/shared/is-looser.ts";
import { COLLECTION } from "../../../../support/policy/lints.ts";
import { compiled, policyFileWith } from "../../../../support/policy/policy-file.ts";

const scopes = { a: "", b: "", c: "", d: "", both: { description: "", implies: ["a", "b"] } };

it.each([
  { name: "one scope than another", one: ["a"], other: ["b"], expected: true },
  { name: "one scope than itself", one: ["a"], other: ["a"], expected: false },
  { name: "one scope than it or another", one: ["a"], other: ["b", "a"], expected: false },
  { name: "one of two scopes than one", one: ["a", "b"], other: ["b"], expected: true },
  { name: "one of two scopes than the other", one: ["a", "b"], other: ["a"], expected: true },
  { name: "the middle of three scopes", one: ["a", "b", "c"], other: ["a", "c"], expected: true },
  { name: "three scopes in another order", one: ["a", "b", "c"], other: ["c", "a", "b"], expected: false },
  { name: "two scopes than one of them", one: { allOf: ["a", "b"] }, other: ["a"], expected: false },
  { name: "one scope than two", one: ["a"], other: { allOf: ["a", "b"] }, expected: true },
  { name: "a scope than one that it implies", one: ["both"], other: { allOf: ["a", "b"] }, expected: false },
  { name: "a scope than one that implies it", one: ["a"], other: ["both"], expected: true },
  {
    name: "nested groups, by neither the first nor the last alternatives",
    one: { anyOf: [{ allOf: ["a", "b"] }, { allOf: ["c", "d"] }, { allOf: ["b", "a"] }] },
    other: { allOf: ["a", "b"] },
    expected: true,
  },
])("says whether it admits more: $name", ({ one, other, expected }) => {
  const policy = compiled(
    policyFileWith({
      resourceServers: { api: { scopes } },
      routes: [one, other].map((required, at) => ({ ...COLLECTION, path: `/${at}`, scopes: required })),
    }),
  );
  const [first, second] = policy.routes.map(({ requirement }) => requirement);
  if (!first || !second) throw new Error("two routes");
  expect(createIsLooser(policy)(first, second)).toBe(expected);
});

it.each([
  { one: "public", other: "authenticated", expected: true },
  { one: "public", other: "public", expected: false },
  { one: "authenticated", other: "public", expected: false },
  { one: "authenticated", other: "authenticated", expected: false },
] as const)("$one is looser than $other: $expected", ({ one, other, expected }) => {
  const policy = compiled(policyFileWith({ routes: [COLLECTION] }));
  expect(createIsLooser(policy)({ kind: one }, { kind: other })).toBe(expected);
});
