import { describe, expect, it } from "vitest";
import { MAX_NESTED_GROUPS, MAX_POLICY_NESTING } from "../../../../../src/limits.ts";
import { reportNesting } from "../../../../../src/policy/compile/schema/shape/report-nesting.ts";
import { jsonPath } from "../../../../../src/policy/fault.ts";

function faultsOf(value: unknown): readonly string[] {
  const faults: string[] = [];
  reportNesting(value, (path, message) => faults.push(`${jsonPath(path).slice(0, 40)}: ${message}`));
  return faults;
}

/** An array in an array, so many times. */
function nested(levels: number): unknown {
  let value: unknown = "deep";
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

/** A group in a group, so many times, as the requirement of a route. */
function groups(count: number): unknown {
  let scopes: unknown = "read";
  for (let group = 0; group < count; group += 1) scopes = { anyOf: [scopes] };
  return { routes: [{ scopes }] };
}

describe("what is nested", () => {
  it.each([
    { name: "as deep as may be", input: nested(MAX_POLICY_NESTING + 1), expected: 0 },
    { name: "one level deeper", input: nested(MAX_POLICY_NESTING + 2), expected: 1 },
    { name: "far deeper than a stack holds", input: nested(100_000), expected: 1 },
    { name: "in as many groups as may be", input: groups(MAX_NESTED_GROUPS), expected: 0 },
    { name: "in one group more", input: groups(MAX_NESTED_GROUPS + 1), expected: 1 },
    { name: "in none", input: "text", expected: 0 },
  ])("$name", ({ input, expected }) => {
    expect(faultsOf(input)).toHaveLength(expected);
  });
});

it.each(["__proto__", "constructor", "prototype"])("the name %s cannot be used, at any place", (name) => {
  expect(faultsOf(JSON.parse(`{ "tests": [{ "${name}": 1 }] }`))).toEqual([
    `$.tests[0].${name}: This name cannot be used.`,
  ]);
});
