import { describe, expect, it } from "vitest";
import { diffRateLimits } from "../../../../src/policy/analysis/diff/diff-rate-limits.ts";
import { compiled, policyFileWithRoute } from "../../../support/policy/policy-file.ts";

const LIMIT = { binding: "RL", limit: 100, periodSeconds: 60, by: "client" };
const policy = (members: object) =>
  compiled({
    ...policyFileWithRoute({ scopes: ["read:orders"], rateLimit: ["standard"] }),
    rateLimits: { standard: { ...LIMIT, ...members } },
  });
const changes = (before: object, after: object): readonly string[] =>
  diffRateLimits(policy(before), policy(after)).map(
    ({ kind, path, message }) => `${kind} ${path.join(".")}: ${message}`,
  );

describe("a rate limit of both policies", () => {
  it.each([
    { from: [100, 60], to: [101, 60], kind: "looser" },
    { from: [100, 60], to: [99, 60], kind: "tighter" },
    { from: [100, 60], to: [100, 10], kind: "looser" },
    { from: [100, 10], to: [100, 60], kind: "tighter" },
    // The same in the long run, and more at once.
    { from: [10, 10], to: [60, 60], kind: "looser" },
    { from: [60, 60], to: [10, 10], kind: "tighter" },
    // More at once, and fewer in the long run.
    { from: [10, 10], to: [50, 60], kind: "incomparable" },
    { from: [50, 60], to: [10, 10], kind: "incomparable" },
    { from: [10, 10], to: [61, 60], kind: "looser" },
  ])("from $from to $to is $kind", ({ from: [limit, periodSeconds], to: [most, period], kind }) => {
    expect(changes({ limit, periodSeconds }, { limit: most, periodSeconds: period })).toEqual([
      `${kind} rateLimits.standard: Changed from ${limit} requests in ${periodSeconds} seconds to ${most} requests in ${period} seconds.`,
    ]);
  });

  it.each([
    { before: {}, after: {}, expected: [] },
    {
      before: {},
      after: { by: "claim:/org/id" },
      expected: [
        "incomparable rateLimits.standard.by: Counted each client, and now counts each value of the claim /org/id.",
      ],
    },
    {
      before: { by: "claim:a" },
      after: { by: "claim:b" },
      expected: [
        "incomparable rateLimits.standard.by: Counted each value of the claim a, and now counts each value of the claim b.",
      ],
    },
    {
      before: {},
      after: { binding: "OTHER" },
      expected: ["other rateLimits.standard.binding: Changed from RL to OTHER. It counts anew."],
    },
    {
      before: { onError: "refuse" },
      after: {},
      expected: ["looser rateLimits.standard.onError: Requests that cannot be counted now go on."],
    },
    {
      before: {},
      after: { onError: "refuse" },
      expected: ["tighter rateLimits.standard.onError: Requests that cannot be counted are now refused."],
    },
    { before: {}, after: { onError: "allow" }, expected: [] },
  ])("from $before to $after: $expected", ({ before, after, expected }) => {
    expect(changes(before, after)).toEqual(expected);
  });
});
