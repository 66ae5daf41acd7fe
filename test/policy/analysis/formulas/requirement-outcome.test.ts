import fc from "fast-check";
import { expect, it } from "vitest";
import { requirementOutcome } from "../../../../src/policy/analysis/formulas/requirement-outcome.ts";
import { meets } from "../../../../src/policy/authorize.ts";
import { withImplied } from "../../../../src/policy/scopes.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";
import { ALL_SCOPE_SETS, randomPolicyFile, runs } from "../../../support/policy/random-policy.ts";

function outcomeOf(scopes: unknown, granted: readonly string[]) {
  const policy = compiled(
    policyFileWith({
      resourceServers: { s: { scopes: { p: "", q: { description: "", implies: ["p"] }, r: "" } } },
      routes: [{ path: "/", methods: ["GET"], scopes, upstream: "orders" }],
    }),
  );
  const requirement = policy.routes[0]?.requirement;
  if (requirement?.kind !== "scopes") throw new Error("no scopes");
  return requirementOutcome(requirement.expression, granted, policy.scopes);
}

it("says of each part whether it is met", () => {
  expect(outcomeOf({ allOf: ["p", { anyOf: ["q", "r"] }] }, ["s/p"])).toEqual({
    kind: "allOf",
    met: false,
    of: [
      { kind: "scope", name: "s/p", met: true, impliedBy: undefined },
      {
        kind: "anyOf",
        met: false,
        of: [
          { kind: "scope", name: "s/q", met: false, impliedBy: undefined },
          { kind: "scope", name: "s/r", met: false, impliedBy: undefined },
        ],
      },
    ],
  });
});

it("names the granted scope that implies one that is not granted", () => {
  expect(outcomeOf(["p"], ["s/q"])).toMatchObject({ met: true, of: [{ name: "s/p", met: true, impliedBy: "s/q" }] });
});

it("agrees with what decides on requests", () => {
  fc.assert(
    fc.property(randomPolicyFile, fc.constantFrom(...ALL_SCOPE_SETS), (file, granted) => {
      const { routes, scopes } = compiled(file);
      for (const { requirement } of routes) {
        if (requirement.kind !== "scopes") continue;
        const { met } = requirementOutcome(requirement.expression, granted, scopes);
        expect(met).toBe(meets(requirement.expression, withImplied(scopes, granted)));
      }
    }),
    runs(500),
  );
});
