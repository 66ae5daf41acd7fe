import { describe, expect, it } from "vitest";
import { compiled, faultsOf, policyFile, policyFileWith } from "../../../support/policy/policy-file.ts";

it("a policy without revocation has none", () => {
  expect(compiled(policyFile())).not.toHaveProperty("revocation");
});

describe("revocation is compiled", () => {
  it.each([
    { name: "with its defaults", revocation: {}, expected: [30, 600, "refuse"] },
    {
      name: "as it is written",
      revocation: { refreshSeconds: 10, maxStaleSeconds: 60, onStale: "serve" },
      expected: [10, 60, "serve"],
    },
    {
      name: "with a longer default than the shortest stale time",
      revocation: { refreshSeconds: 900 },
      expected: [900, 900, "refuse"],
    },
    {
      name: "with the shortest times",
      revocation: { refreshSeconds: 1, maxStaleSeconds: 1 },
      expected: [1, 1, "refuse"],
    },
    {
      name: "with the longest times",
      revocation: { refreshSeconds: 3600, maxStaleSeconds: 31_536_000 },
      expected: [3600, 31_536_000, "refuse"],
    },
  ])("$name", ({ revocation, expected }) => {
    const [refreshSeconds, maxStaleSeconds, onStale] = expected;
    expect(compiled(policyFileWith({ revocation })).revocation).toEqual({ refreshSeconds, maxStaleSeconds, onStale });
  });
});

describe("revocation has a fault", () => {
  it.each([
    { revocation: { refreshSeconds: 0 }, expected: "$.revocation.refreshSeconds: 0 is too small. The minimum is 1." },
    {
      revocation: { refreshSeconds: 3601 },
      expected: "$.revocation.refreshSeconds: 3601 is too large. The maximum is 3600.",
    },
    {
      revocation: { maxStaleSeconds: 31_536_001 },
      expected: "$.revocation.maxStaleSeconds: 31536001 is too large. The maximum is 31536000.",
    },
    {
      revocation: { maxStaleSeconds: 29 },
      expected:
        "$.revocation.maxStaleSeconds: `maxStaleSeconds` (29) is less than `refreshSeconds` (30). Set it to at least `refreshSeconds`.",
    },
    {
      revocation: { onStale: "allow" },
      expected: '$.revocation.onStale: Found "allow". Write "refuse" or "serve".',
    },
    {
      revocation: { refresh: 1 },
      expected: "$.revocation.refresh: This member is unknown. Known here: refreshSeconds, maxStaleSeconds, onStale.",
    },
    { revocation: true, expected: "$.revocation: Found true. Write an object." },
  ])("$expected", ({ revocation, expected }) => {
    expect(faultsOf(policyFileWith({ revocation }))).toEqual([expected]);
  });
});
