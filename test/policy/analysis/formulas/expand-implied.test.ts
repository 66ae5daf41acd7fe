import { describe, expect, test } from "vitest";
import { createFormulaOf, expandImplied } from "../../../../src/policy/analysis/formulas/expand-implied.ts";
import { FALSE, type Formula, minimalSets, TRUE } from "../../../../src/policy/analysis/formulas/formula.ts";
import type { ScopeExpression } from "../../../../src/policy/policy.ts";
import { claimAtom, exactAtom, parameterAtom } from "../../../../src/policy/requirements/conditions.ts";
import { declare } from "../../../support/policy/example-policy.ts";

const any = (...of: (Formula | string)[]): Formula => ({ kind: "anyOf", of: of.map(toFormula) });
const all = (...of: (Formula | string)[]): Formula => ({ kind: "allOf", of: of.map(toFormula) });
const toFormula = (it: Formula | string): Formula => (typeof it === "string" ? { kind: "scope", name: it } : it);

test("granted scopes meet a requirement if the scopes that they imply do", () => {
  const { scopes } = declare({ s: { read: [], write: ["s/read"], admin: ["s/write", "s/read"] } });
  expect(minimalSets(expandImplied(scopes, "i")(all("s/read", any("s/write"))))).toEqual([["s/write"], ["s/admin"]]);
});

test("a requirement stays as it is where no scope implies another", () => {
  const expression = any("s/read", "s/write");
  expect(expandImplied(declare({ s: { read: [], write: [] } }).scopes, "i")(expression)).toBe(expression);
});

test("equal expressions have one formula, which others do not share", () => {
  const formulaOf = createFormulaOf(declare({ s: { read: [], write: ["s/read"] } }).scopes, "i");
  expect(formulaOf(any("s/read"))).toBe(formulaOf(any("s/read")));
  expect(formulaOf(any("s/read"))).not.toEqual(formulaOf(any("s/write")));
  expect(formulaOf(any("s/read", "s/write"))).not.toEqual(formulaOf(all("s/read", "s/write")));
});

describe("the scopes that an issuer may not grant", () => {
  const declared = declare({ s: { read: [], write: ["t/read", "s/read"] }, t: { read: [] } });
  const scopes = { ...declared.scopes, issuersOf: new Map([["s", ["own"]]]) };
  const formulaOf = (issuer: string | undefined) => expandImplied(scopes, issuer);

  test.each([
    { name: "leave the alternatives", expression: any("s/read", "t/read"), expected: any("t/read") },
    { name: "leave nothing of a group that needs them", expression: all("s/read", "t/read"), expected: FALSE },
    {
      name: "leave nothing of nested groups that need them",
      expression: all("t/read", any("s/read", all("s/write"))),
      expected: FALSE,
    },
    { name: "imply nothing", expression: all("t/read"), expected: all("t/read") },
  ])("$name", ({ expression, expected }) => {
    expect(formulaOf("partner")(expression)).toEqual(expected);
    expect(formulaOf(undefined)(expression)).toEqual(expected);
    if (expected === FALSE) expect(formulaOf("partner")(expression)).toBe(FALSE);
  });

  test("are granted by the issuer that may", () => {
    expect(minimalSets(formulaOf("own")(all("t/read")))).toEqual([["t/read"], ["s/write"]]);
  });
});

describe("a condition whose claim grants scopes", () => {
  const { scopes } = declare({ s: { read: [], write: ["s/read"], other: [] } });
  const [staff, exactly] = [claimAtom(["groups"], "staff"), exactAtom(["groups"], "staff")];
  const grants = { always: new Set<string>(), byAtom: new Map([staff, exactly].map((atom) => [atom, ["s/write"]])) };

  test.each([
    { name: "brings them", expression: all("s/write"), expected: [["s/write"], [staff], [exactly]] },
    {
      name: "brings what they imply",
      expression: all("s/read"),
      expected: [["s/read"], ["s/write"], [staff], [exactly]],
    },
    { name: "brings no other", expression: all("s/other"), expected: [["s/other"]] },
  ])("$name", ({ expression, expected }) => {
    expect(minimalSets(expandImplied(scopes, "i", { grants })(expression))).toEqual(expected);
  });

  test("brings nothing that the issuer may not grant", () => {
    const cut = { ...scopes, issuersOf: new Map([["s", ["own"]]]) };
    expect(expandImplied(cut, "partner", { grants })(any("s/read"))).toBe(FALSE);
  });

  test("is not needed for what all tokens have", () => {
    const facts = { grants: { ...grants, always: new Set(["s/write"]) } };
    expect(expandImplied(scopes, "i", facts)(all("s/read", "s/write"))).toBe(TRUE);
    expect(expandImplied(scopes, "i", facts)(all("s/read", "s/other"))).toEqual(all("s/other"));
  });
});

describe("a condition on the tenant", () => {
  const { scopes } = declare({ s: { read: [] } });
  const listed = (...values: string[]): ScopeExpression => ({
    kind: "claim",
    claim: ["tid"],
    in: values,
    atoms: values.map((it) => claimAtom(["tid"], it)),
  });
  const inPath = (atom = parameterAtom(1, ["tid"])): ScopeExpression => ({
    kind: "parameter",
    name: "t",
    segment: 1,
    equals: ["tid"],
    atom,
  });
  const tenant = (isInPaths: boolean) => ({
    name: "one",
    claims: new Set(["/tid"]),
    isInPaths,
    isAccepted: [true],
  });

  test.each([
    { name: "is met by a listed tenant", expression: listed("one", "two"), expected: TRUE },
    { name: "is not met by another", expression: listed("two"), expected: FALSE },
    { name: "is met by the same fixed segment", expression: inPath(exactAtom(["tid"], "one")), expected: TRUE },
    { name: "is not met by another fixed segment", expression: inPath(exactAtom(["tid"], "two")), expected: FALSE },
    { name: "depends on a free segment", expression: inPath(), expected: toFormula(parameterAtom(1, ["tid"])) },
  ])("$name", ({ expression, expected }) => {
    expect(expandImplied(scopes, "i", { tenant: tenant(false) })(expression)).toEqual(expected);
  });

  test("is not met by a free segment of a class if a pattern has the tenant there", () => {
    const on = (isOnClass: boolean) => expandImplied(scopes, "i", { tenant: tenant(true), isOnClass })(inPath());
    expect([on(false), on(true)]).toEqual([toFormula(parameterAtom(1, ["tid"])), FALSE]);
  });
});
