import { describe, expect, it } from "vitest";
import { checkConfirmation } from "../../src/token/confirmation.ts";
import { outcomeOf } from "../support/token/outcome.ts";
import { claimsOf } from "../support/token/tokens.ts";

describe("checkConfirmation", () => {
  it.each([
    { jkt: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" },
    { "x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2" },
    { jkt: "a", "x5t#S256": "b" },
    { kid: "device-1" },
    ...[{}, [], "", "jkt", 0, false, null],
  ])("refuses the cnf %j", (cnf) => {
    expect(outcomeOf(checkConfirmation(claimsOf({ cnf })))).toBe("token-binding-unsupported");
  });

  it("says nothing of the claim's value", () => {
    expect(checkConfirmation(claimsOf({ cnf: { jkt: "secret" } }))?.detail).toBe("The token has the claim `cnf`.");
  });

  it.each([
    { name: "a token without cnf", claims: claimsOf() },
    { name: "a claim that differs in case", claims: claimsOf({ CNF: {} }) },
    { name: "a member of a prototype", claims: Object.create({ cnf: {} }) },
  ])("takes $name", ({ claims }) => {
    expect(checkConfirmation(claims)).toBeUndefined();
  });
});
