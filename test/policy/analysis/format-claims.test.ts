import { expect, it } from "vitest";
import { formatClaims } from "../../../src/policy/analysis/format-claims.ts";

it.each([
  { claims: { sub: "alice" }, expected: "sub=alice" },
  {
    claims: { sub: "alice", org: { tier: "gold", name: "a b" } },
    expected: "sub=alice and /org/tier=gold and /org/name=a b",
  },
  { claims: { tier: ["gold", "silver"] }, expected: "tier=[gold, silver]" },
])("$expected", ({ claims, expected }) => {
  expect(formatClaims(claims)).toBe(expected);
});
