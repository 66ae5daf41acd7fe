import { expect, it } from "vitest";
import { lintsOf, withIssuer, withMembers } from "../../../../support/policy/lints.ts";

it.each([
  {
    name: "not a clock tolerance of five minutes, nor keys kept for a week",
    members: withIssuer({ clockToleranceSeconds: 300, keys: { maxStaleSeconds: 604_800 } }),
    expected: [],
  },
  {
    name: "a clock tolerance of more than five minutes",
    members: withIssuer({ clockToleranceSeconds: 301 }),
    expected: ["long-clock-tolerance $.issuers.main.clockToleranceSeconds"],
  },
])("$name", ({ members, expected }) => {
  expect(lintsOf(withMembers(members))).toEqual(expected);
});
