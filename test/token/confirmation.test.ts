import { describe, expect, it } from "vitest";
import { Denial } from "../../src/answer/denial.ts";
import { checkConfirmation } from "../../src/token/confirmation.ts";
import { claimsOf } from "../support/token/tokens.ts";

const JKT = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
const X5T = "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg0";
const BOTH = { dpop: "accepted", mtls: "required" } as const;
const MALFORMED = [
  { jkt: "a" },
  { jkt: JKT.slice(1) },
  { jkt: `${JKT}A` },
  { jkt: `${JKT}=` },
  // The last character has leftover bits.
  { jkt: JKT.replace(/I$/, "J") },
  { jkt: JKT.replace("-", "+") },
  { jkt: null },
  { jkt: [JKT] },
  { "x5t#S256": X5T.slice(1) },
  { x5t: X5T },
  { jkt: JKT, "x5t#S256": X5T },
  { jkt: JKT, kid: "device-1" },
  { "x5t#S256": X5T, jwk: {} },
  { kid: "device-1" },
  ...[{}, [], [JKT], "", "jkt", 0, false, null],
];

describe("checkConfirmation", () => {
  it.each([...MALFORMED, { jkt: JKT }, { "x5t#S256": X5T }])(
    "refuses the cnf %j of an issuer without binding",
    (cnf) => {
      expect(checkConfirmation(claimsOf({ cnf }), {})).toMatchObject({ reason: "token-binding-unsupported" });
    },
  );

  it.each(MALFORMED)("refuses the malformed cnf %j", (cnf) => {
    expect(checkConfirmation(claimsOf({ cnf }), { binding: BOTH })).toMatchObject({
      reason: "token-binding-unsupported",
    });
  });

  it.each([
    { name: "a key", cnf: { jkt: JKT }, expected: { method: "dpop", thumbprint: JKT } },
    { name: "a certificate", cnf: { "x5t#S256": X5T }, expected: { method: "mtls", thumbprint: X5T } },
  ])("reads $name", ({ cnf, expected }) => {
    expect(checkConfirmation(claimsOf({ cnf }), { binding: BOTH })).toEqual(expected);
  });

  it.each([
    { name: "a key", cnf: { jkt: JKT }, binding: { dpop: "refused", mtls: "required" } as const },
    { name: "a certificate", cnf: { "x5t#S256": X5T }, binding: { dpop: "required", mtls: "refused" } as const },
  ])("refuses $name where the issuer covers the other method only", ({ cnf, binding }) => {
    expect(checkConfirmation(claimsOf({ cnf }), { binding })).toBeInstanceOf(Denial);
  });

  it("says nothing of the claim's value", () => {
    const denial = checkConfirmation(claimsOf({ cnf: { jkt: "secret" } }), {});
    expect(denial).toMatchObject({ detail: "The token has the claim `cnf`." });
  });

  it.each([
    { name: "a token without cnf", claims: claimsOf() },
    { name: "a claim that differs in case", claims: claimsOf({ CNF: {} }) },
    { name: "a member of a prototype", claims: Object.create({ cnf: {} }) },
  ])("takes $name", ({ claims }) => {
    expect(checkConfirmation(claims, { binding: BOTH })).toBeUndefined();
  });
});
