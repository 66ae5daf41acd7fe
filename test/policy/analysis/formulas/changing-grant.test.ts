import fc from "fast-check";
import { expect, it } from "vitest";
import { ChangingGrant } from "../../../../src/policy/analysis/formulas/changing-grant.ts";
import { meets } from "../../../../src/policy/authorize.ts";
import type { Expression, ScopeLeaf } from "../../../../src/policy/policy.ts";
import { scopeTable, withImplied } from "../../../../src/policy/scopes.ts";
import { runs } from "../../../support/policy/random-policy.ts";

const NAMES = ["p", "q", "r", "s"];

const { expression } = fc.letrec<{ expression: Expression<ScopeLeaf> }>((tie) => ({
  expression: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(...NAMES).map((name): Expression<ScopeLeaf> => ({ kind: "scope", name })),
    fc.record({ kind: fc.constantFrom("anyOf", "allOf"), of: fc.array(tie("expression"), { maxLength: 3 }) }),
  ),
}));

it("says at every change what `meets` says of the granted scopes with all that they imply", () => {
  fc.assert(
    fc.property(
      expression,
      fc.uniqueArray(fc.constantFrom(...NAMES)),
      fc.array(fc.constantFrom(...NAMES)),
      (required, implied, changes) => {
        const table = scopeTable(
          NAMES.map((name) => ({
            fullName: name,
            shortName: name,
            resourceServer: "s",
            description: "",
            implies: name === "s" ? implied.filter((it) => it !== name) : [],
          })),
          [],
        );
        const grant = new ChangingGrant(required, table);
        const granted = new Set<string>();
        expect(grant.isEnough).toBe(meets(required, granted));
        for (const name of changes) {
          if (granted.delete(name)) grant.remove(name);
          else {
            granted.add(name);
            grant.add(name);
          }
          expect(grant.isEnough).toBe(meets(required, withImplied(table, granted)));
        }
      },
    ),
    runs(500),
  );
}, 20_000);
