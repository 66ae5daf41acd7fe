import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { smallestScopeSets } from "../../../../src/policy/analysis/formulas/smallest-scope-sets.ts";
import { meets } from "../../../../src/policy/authorize.ts";
import type { Policy } from "../../../../src/policy/policy.ts";
import { withImplied } from "../../../../src/policy/scopes.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";
import { ALL_SCOPE_SETS, randomPolicyFile, runs } from "../../../support/policy/random-policy.ts";

function expressionOf(policy: Policy) {
  const requirement = policy.routes[0]?.requirement;
  if (requirement?.kind !== "scopes") throw new Error("no scopes");
  return requirement.expression;
}

function policyOf(scopes: unknown, declared: Record<string, unknown> = { a: "", b: "", c: "", d: "" }) {
  const routes = [{ path: "/", methods: ["GET"], scopes, upstream: "orders" }];
  return compiled(policyFileWith({ resourceServers: { s: { scopes: declared } }, routes }));
}

it.each([
  { name: "each of a list is one", scopes: ["a", "b"], expected: [["s/a"], ["s/b"]] },
  { name: "all of a group are one", scopes: { allOf: ["a", "b"] }, expected: [["s/a", "s/b"]] },
  { name: "what holds a smaller one is left out", scopes: ["a", { allOf: ["a", "b"] }], expected: [["s/a"]] },
  {
    name: "those with fewer scopes come first",
    scopes: [{ allOf: ["a", "b"] }, "c"],
    expected: [["s/c"], ["s/a", "s/b"]],
  },
])("$name", ({ scopes, expected }) => {
  const policy = policyOf(scopes);
  const { sets, complete } = smallestScopeSets(expressionOf(policy), policy.scopes);
  expect(sets.map((set) => [...set])).toEqual(expected);
  expect(complete).toBe(true);
});

const IMPLYING = {
  read: "",
  list: "",
  other: "",
  another: "",
  write: { description: "", implies: ["read", "list"] },
};

it.each([
  {
    name: "a scope that implies the required one grants more than need be",
    scopes: ["read", "write"],
    expected: [["s/read"]],
  },
  {
    name: "what another one implies need not be granted",
    scopes: { allOf: ["read", "write"] },
    expected: [["s/write"]],
  },
  {
    name: "what comes to the same is named once",
    scopes: [{ allOf: ["read", "write"] }, { allOf: ["list", "write"] }],
    expected: [["s/write"]],
  },
  {
    name: "what comes to fewer scopes comes first",
    scopes: [{ allOf: ["other", "another"] }, { allOf: ["read", "list", "write"] }],
    expected: [["s/write"], ["s/other", "s/another"]],
  },
])("$name", ({ scopes, expected }) => {
  const policy = policyOf(scopes, IMPLYING);
  expect(smallestScopeSets(expressionOf(policy), policy.scopes).sets.map((set) => [...set])).toEqual(expected);
});

it("says that there are more where they are too many, and still names one that suffices", () => {
  const groups = Array.from({ length: 14 }, (_, index) => ({ anyOf: [`a${index}`, `b${index}`] }));
  const declared = Object.fromEntries(groups.flatMap(({ anyOf }) => anyOf.map((name) => [name, ""])));
  const policy = policyOf({ allOf: groups }, declared);
  const { sets, complete } = smallestScopeSets(expressionOf(policy), policy.scopes);
  expect(complete).toBe(false);
  expect(sets.map((set) => [set.size, meets(expressionOf(policy), set)])).toEqual([[14, true]]);
});

it("finds all of them and nothing else, compared with trying every set", () => {
  fc.assert(
    fc.property(randomPolicyFile, (file) => {
      const { routes, scopes } = compiled(file);
      for (const { requirement } of routes) {
        if (requirement.kind !== "scopes") continue;
        const found = smallestScopeSets(requirement.expression, scopes).sets.map((set) => closureOf(set));
        const enough = ALL_SCOPE_SETS.map((set) => withImplied(scopes, set)).filter((set) =>
          meets(requirement.expression, set),
        );
        const least = enough.filter((set) => !enough.some((other) => other.size < set.size && isWithin(other, set)));
        expect(found.toSorted()).toEqual([...new Set(least.map(nameOf))].toSorted());
      }
      function closureOf(set: ReadonlySet<string>): string {
        return nameOf(withImplied(scopes, set));
      }
    }),
    runs(500),
  );
});

function nameOf(set: ReadonlySet<string>): string {
  return [...set].toSorted().join(" ");
}

function isWithin(smaller: ReadonlySet<string>, set: ReadonlySet<string>): boolean {
  return [...smaller].every((name) => set.has(name));
}

describe("10,000 scopes", () => {
  const names = Array.from({ length: 10_000 }, (_, at) => `a${at}`);
  const declared = Object.fromEntries(names.map((name) => [name, ""]));
  it.each([
    { name: "as alternatives are as many sets", scopes: names, sets: 10_000, scopesOfEach: 1 },
    { name: "that are all needed are one set", scopes: { allOf: names }, sets: 1, scopesOfEach: 10_000 },
    {
      name: "each of which needs one more are as many sets",
      scopes: { anyOf: names.slice(1).map((name) => ({ allOf: [names[0], name] })) },
      sets: 9_999,
      scopesOfEach: 2,
    },
  ])(
    "$name",
    ({ scopes, sets, scopesOfEach }) => {
      const policy = policyOf(scopes, declared);
      const found = smallestScopeSets(expressionOf(policy), policy.scopes);
      expect(found.complete).toBe(true);
      expect(found.sets).toHaveLength(sets);
      expect(new Set(found.sets.map(({ size }) => size))).toEqual(new Set([scopesOfEach]));
    },
    20_000,
  );
});

it("names one set only where all of them together would have too many scopes", () => {
  const groups = Array.from({ length: 11 }, (_, index) => ({ anyOf: [`a${index}`, `b${index}`] }));
  const many = Array.from({ length: 1_000 }, (_, at) => `c${at}`);
  const names = groups.flatMap(({ anyOf }) => anyOf).concat(many);
  const policy = policyOf({ allOf: [...many, ...groups] }, Object.fromEntries(names.map((name) => [name, ""])));
  const { sets, complete } = smallestScopeSets(expressionOf(policy), policy.scopes);
  expect(complete).toBe(false);
  expect(sets.map(({ size }) => size)).toEqual([1_011]);
}, 20_000);
