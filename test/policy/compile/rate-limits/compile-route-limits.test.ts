import { describe, expect, it } from "vitest";
import { compiled, faultsOf, policyFileWithRoute } from "../../../support/policy/policy-file.ts";

const limit = (members: object) => ({ binding: "RL", limit: 100, periodSeconds: 60, by: "client", ...members });
const LIMITS = {
  slow: limit({}),
  fast: limit({ binding: "RL_FAST", limit: 5, periodSeconds: 10 }),
  users: limit({ binding: "RL_USERS", limit: 50, by: "subject" }),
  callers: limit({ binding: "RL_CALLERS", by: "address" }),
};
const file = (route: object, rateLimits: unknown = LIMITS) => ({ ...policyFileWithRoute({ ...route }), rateLimits });
const SCOPES = { scopes: ["read:orders"] };

describe("rateLimit of a route", () => {
  it.each([
    { names: ["slow", "users", "fast"], expected: ["fast", "users", "slow"] },
    { names: ["fast", "slow", "users"], expected: ["fast", "users", "slow"] },
    { names: ["callers", "slow"], expected: ["callers", "slow"] },
    { names: ["slow", "callers"], expected: ["callers", "slow"] },
  ])("puts $names in the order in which requests are counted", ({ names, expected }) => {
    const [route] = compiled(file({ ...SCOPES, rateLimit: names })).routes;
    expect(route?.rateLimits?.map(({ name }) => name)).toEqual(expected);
  });

  it("is left out where a route has none, and so is every other trace", () => {
    const policy = compiled(file(SCOPES, {}));
    expect(policy.routes[0]).not.toHaveProperty("rateLimits");
    expect(policy).not.toHaveProperty("rateLimits");
    expect(policy).not.toHaveProperty("unusedRateLimits");
  });

  it("tells the limits that are used from those that are not", () => {
    const policy = compiled(file({ ...SCOPES, rateLimit: ["users"] }));
    expect(policy.rateLimits?.map(({ name }) => name)).toEqual(["users"]);
    expect(policy.unusedRateLimits).toEqual(["slow", "fast", "callers"]);
  });

  it.each([
    {
      name: "a misspelt name",
      route: { ...SCOPES, rateLimit: ["fsat"] },
      expected: "$.routes[0].rateLimit[0]: There is no rate limit `fsat`. Did you mean `fast`?",
    },
    {
      name: "a name without a like",
      route: { ...SCOPES, rateLimit: ["slow", "per-minute"] },
      expected: "$.routes[0].rateLimit[1]: There is no rate limit `per-minute`. Add it to `rateLimits`.",
    },
    {
      name: "a name that is a member of every object",
      route: { ...SCOPES, rateLimit: ["constructor"] },
      expected: "$.routes[0].rateLimit[0]: There is no rate limit `constructor`. Add it to `rateLimits`.",
    },
    {
      name: "a limit that is listed twice",
      route: { ...SCOPES, rateLimit: ["slow", "slow"] },
      expected: "$.routes[0].rateLimit[1]: `slow` is listed twice. Remove one of them.",
    },
    {
      name: "a limit by the token on a public route",
      route: { public: true, rateLimit: ["callers", "slow"] },
      expected:
        "$.routes[0].rateLimit[1]: `slow` counts by the token, and a public route reads no token. " +
        "Use a limit by address, or let the route take tokens.",
    },
    {
      name: "an empty list",
      route: { ...SCOPES, rateLimit: [] },
      expected: "$.routes[0].rateLimit: This is empty. List at least one.",
    },
    {
      name: "a text in place of a list",
      route: { ...SCOPES, rateLimit: "slow" },
      expected: '$.routes[0].rateLimit: Found "slow". Write an array.',
    },
  ])("has a fault: $name", ({ route, expected }) => {
    expect(faultsOf(file(route))).toEqual([expected]);
  });

  it.each([
    { name: "a limit by address on a public route", route: { public: true, rateLimit: ["callers"] } },
    { name: "any limit on an optional route", route: { optional: true, rateLimit: ["slow"] } },
    { name: "any limit on an authenticated route", route: { authenticated: true, rateLimit: ["users", "callers"] } },
  ])("has no fault: $name", ({ route }) => {
    expect(faultsOf(file(route))).toEqual([]);
  });

  it("has no fault of its own where the limit that it names, or the whole list, has one", () => {
    const route = { ...SCOPES, rateLimit: ["slow"] };
    expect(faultsOf(file(route, { slow: limit({ limit: 0 }) }))).toHaveLength(1);
    expect(faultsOf(file(route, []))).toHaveLength(1);
  });
});
