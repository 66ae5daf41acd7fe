import { describe, expect, it } from "vitest";
import { createPinned, type Pins, withPins } from "../../../../src/policy/analysis/formulas/with-atoms.ts";
import type { ScopeExpression } from "../../../../src/policy/policy.ts";
import { exactAtom } from "../../../../src/policy/requirements/conditions.ts";
import { compiled, policyFileWithRoute } from "../../../support/policy/policy-file.ts";

/** What a route of `/:a/:b` requires. */
function requirementOf(scopes: readonly unknown[]) {
  const [route] = compiled(policyFileWithRoute({ path: "/:a/:b", scopes })).routes;
  if (route?.requirement.kind !== "scopes") throw new Error("The route requires no scopes.");
  return route.requirement;
}

const OWN_A = { param: "a", equals: "sub" };
const OWN_B = { param: "b", equals: "tid" };
const NEVER = { kind: "anyOf", of: [] };

/** The scopes and atoms in an expression, in order. */
function namesIn(expression: ScopeExpression): readonly string[] {
  if (expression.kind === "scope") return [expression.name.replace(/^.*\//, "")];
  if (expression.kind === "parameter") return [expression.atom];
  return expression.kind === "claim" ? expression.atoms : expression.of.flatMap(namesIn);
}

describe("withPins", () => {
  it.each([
    { name: "asks for the text of a fixed segment", scopes: [OWN_A], pins: ["x"], expected: [exactAtom(["sub"], "x")] },
    { name: "leaves a segment open that can be any text", scopes: [OWN_A], pins: [], expected: ["parameter 0 /sub"] },
    {
      name: "drops an alternative on a segment that equals no claim",
      scopes: [OWN_A, "read:orders"],
      pins: [null],
      expected: ["read:orders"],
    },
    {
      name: "drops what is needed together with such a segment",
      scopes: [{ allOf: [OWN_A, "write:orders"] }, OWN_B],
      pins: [null],
      expected: ["parameter 1 /tid"],
    },
  ] as { name: string; scopes: unknown[]; pins: Pins; expected: string[] }[])("$name", ({ scopes, pins, expected }) => {
    expect(namesIn(withPins(requirementOf(scopes).expression, pins))).toEqual(expected);
  });

  it("rules out an expression as a whole", () => {
    expect(withPins(requirementOf([{ allOf: [OWN_A, { anyOf: ["read:orders", OWN_B] }] }]).expression, [null])).toEqual(
      NEVER,
    );
    expect(withPins(requirementOf([OWN_A, OWN_B]).expression, [null, null])).toEqual(NEVER);
  });
});

describe("createPinned", () => {
  it("tells apart which segments are fixed, also with one text", () => {
    const pinned = createPinned();
    const requirement = requirementOf([OWN_A, OWN_B]);
    const namesFor = (pins: Pins) => {
      const found = pinned(requirement, pins);
      return found.kind === "scopes" ? namesIn(found.expression) : [];
    };
    expect(namesFor(["x", undefined])).toEqual([exactAtom(["sub"], "x"), "parameter 1 /tid"]);
    expect(namesFor([undefined, "x"])).toEqual(["parameter 0 /sub", exactAtom(["tid"], "x")]);
    expect(namesFor([null, undefined])).toEqual(["parameter 1 /tid"]);
    expect(namesFor([undefined, null])).toEqual(["parameter 0 /sub"]);
  });

  it("gives one object for equal questions, and the requirement itself where nothing is fixed", () => {
    const pinned = createPinned();
    const requirement = requirementOf([OWN_A]);
    expect(pinned(requirement, ["x"])).toBe(pinned(requirement, ["x", "y"]));
    expect(pinned(requirement, [undefined, "y"])).toBe(requirement);
  });
});
