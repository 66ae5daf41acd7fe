import { expect, it } from "vitest";
import type { ScopeExpression } from "../../../src/policy/policy.ts";
import { scopesIn, settleConditions } from "../../../src/policy/requirements/settle-conditions.ts";

const a: ScopeExpression = { kind: "scope", name: "a" };
const b: ScopeExpression = { kind: "scope", name: "b" };
const condition: ScopeExpression = {
  kind: "parameter",
  name: "id",
  segment: 1,
  equals: ["sub"],
  atom: "parameter 1 /sub",
};
const anyOf = (...of: ScopeExpression[]): ScopeExpression => ({ kind: "anyOf", of });
const allOf = (...of: ScopeExpression[]): ScopeExpression => ({ kind: "allOf", of });

it.each([
  { name: "scopes stay", input: anyOf(a, b), met: anyOf(a, b), unmet: anyOf(a, b) },
  { name: "an alternative", input: anyOf(a, condition), met: true, unmet: anyOf(a) },
  { name: "one of all", input: allOf(a, condition), met: allOf(a), unmet: false },
  { name: "alone", input: anyOf(condition), met: true, unmet: false },
  {
    name: "nested",
    input: anyOf(a, allOf(b, condition)),
    met: anyOf(a, allOf(b)),
    unmet: anyOf(a),
  },
])("$name", ({ input, met, unmet }) => {
  expect(settleConditions(input, () => true)).toEqual(met);
  expect(settleConditions(input, () => false)).toEqual(unmet);
});

it("scopesIn lists each scope once, in order", () => {
  expect(
    scopesIn({
      kind: "anyOf",
      of: [
        { kind: "scope", name: "b" },
        {
          kind: "allOf",
          of: [
            { kind: "scope", name: "a" },
            { kind: "scope", name: "b" },
          ],
        },
      ],
    }),
  ).toEqual(["b", "a"]);
});
