import { expect, it } from "vitest";
import { lintsOf, withIssuer, withMembers } from "../../../../support/policy/lints.ts";

it.each([
  {
    name: "not a clock tolerance of five minutes, nor keys kept for a week",
    members: withIssuer({ clockToleranceSeconds: 300, keys: { maxStaleSeconds: 604_800 } }),
    expected: [],
  },
  {
    name: "keys kept for more than a week without their issuer",
    members: withIssuer({ keys: { maxStaleSeconds: 604_801 } }),
    expected: ["long-stale-keys $.issuers.main.keys.maxStaleSeconds"],
  },
])("$name", ({ members, expected }) => {
  expect(lintsOf(withMembers(members))).toEqual(expected);
});
