import { expect, it } from "vitest";
import { formatRateLimit } from "../../../src/policy/analysis/format-rate-limit.ts";
import type { RateLimit } from "../../../src/policy/policy.ts";

const LIMIT: RateLimit = {
  name: "standard",
  binding: "RL",
  limit: 100,
  periodSeconds: 60,
  by: { kind: "client" },
  onError: "allow",
};

it.each<{ limit: Partial<RateLimit>; expected: string }>([
  { limit: {}, expected: "100 requests in 60 seconds for each client" },
  { limit: { limit: 1, periodSeconds: 10 }, expected: "1 request in 10 seconds for each client" },
  { limit: { by: { kind: "address" } }, expected: "100 requests in 60 seconds for each address" },
  {
    limit: { by: { kind: "claim", claim: ["org", "id"] } },
    expected: "100 requests in 60 seconds for each value of the claim /org/id",
  },
])("a rate limit reads: $expected", ({ limit, expected }) => {
  expect(formatRateLimit({ ...LIMIT, ...limit })).toBe(expected);
});
