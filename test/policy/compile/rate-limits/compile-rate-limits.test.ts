import { describe, expect, it } from "vitest";
import { MAX_RATE_LIMIT } from "../../../../src/limits.ts";
import { compiled, faultsOf, policyFileWith, policyFileWithRoute } from "../../../support/policy/policy-file.ts";

const LIMIT = { binding: "RL", limit: 100, periodSeconds: 60, by: "client" };
const faults = (limits: unknown): string[] => faultsOf(policyFileWith({ rateLimits: limits }));

describe("rateLimits", () => {
  it.each([
    { by: "client", expected: { kind: "client" } },
    { by: "subject", expected: { kind: "subject" } },
    { by: "address", expected: { kind: "address" } },
    { by: "claim:org_id", expected: { kind: "claim", claim: ["org_id"] } },
    { by: "claim:/org/id", expected: { kind: "claim", claim: ["org", "id"] } },
    { by: "claim:/a~1b/~0c", expected: { kind: "claim", claim: ["a/b", "~c"] } },
    { by: "claim:client", expected: { kind: "claim", claim: ["client"] } },
  ])("compile with the key $by", ({ by, expected }) => {
    const file = { ...policyFileWithRoute({ scopes: ["read:orders"], rateLimit: ["one"] }) };
    const { rateLimits } = compiled({ ...file, rateLimits: { one: { ...LIMIT, by } } });
    expect(rateLimits).toEqual([
      { name: "one", binding: "RL", limit: 100, periodSeconds: 60, by: expected, onError: "allow" },
    ]);
  });

  it.each([
    { name: "a period that Cloudflare has not", limits: { a: { ...LIMIT, periodSeconds: 30 } }, at: "a.periodSeconds" },
    { name: "a period as a text", limits: { a: { ...LIMIT, periodSeconds: "60" } }, at: "a.periodSeconds" },
    { name: "no period", limits: { a: { ...LIMIT, periodSeconds: undefined } }, at: "a.periodSeconds" },
    { name: "a limit of 0", limits: { a: { ...LIMIT, limit: 0 } }, at: "a.limit" },
    { name: "a negative limit", limits: { a: { ...LIMIT, limit: -1 } }, at: "a.limit" },
    { name: "half a request", limits: { a: { ...LIMIT, limit: 1.5 } }, at: "a.limit" },
    { name: "a limit beyond the largest", limits: { a: { ...LIMIT, limit: MAX_RATE_LIMIT + 1 } }, at: "a.limit" },
    { name: "no binding", limits: { a: { ...LIMIT, binding: undefined } }, at: "a.binding" },
    { name: "an empty binding", limits: { a: { ...LIMIT, binding: "" } }, at: "a.binding" },
    { name: "a binding that no Worker can have", limits: { a: { ...LIMIT, binding: "RL-A" } }, at: "a.binding" },
    { name: "no key", limits: { a: { ...LIMIT, by: undefined } }, at: "a.by" },
    { name: "an unknown key", limits: { a: { ...LIMIT, by: "user" } }, at: "a.by" },
    { name: "a claim without a name", limits: { a: { ...LIMIT, by: "claim:" } }, at: "a.by" },
    { name: "a pointer that is none", limits: { a: { ...LIMIT, by: "claim:/a~2" } }, at: "a.by" },
    { name: "a key that is no text", limits: { a: { ...LIMIT, by: 5 } }, at: "a.by" },
    { name: "an unknown reaction", limits: { a: { ...LIMIT, onError: "serve" } }, at: "a.onError" },
    { name: "an unknown member", limits: { a: { ...LIMIT, burst: 5 } }, at: "a.burst" },
    {
      name: "two limits of one binding with other numbers",
      limits: { a: LIMIT, b: { ...LIMIT, limit: 99 } },
      at: "b.binding",
    },
    {
      name: "two limits of one binding with other periods",
      limits: { a: LIMIT, b: { ...LIMIT, periodSeconds: 10 } },
      at: "b.binding",
    },
  ])("have a fault: $name", ({ limits, at }) => {
    // Read as JSON: a member that is `undefined` is not there.
    expect(faults(JSON.parse(JSON.stringify(limits)))).toEqual([expect.stringContaining(`$.rateLimits.${at}:`)]);
  });

  it.each([
    { name: "the smallest limit", limits: { a: { ...LIMIT, limit: 1 } } },
    { name: "the largest limit", limits: { a: { ...LIMIT, limit: MAX_RATE_LIMIT } } },
    { name: "the shorter period", limits: { a: { ...LIMIT, periodSeconds: 10 } } },
    { name: "two limits of one binding with the same numbers", limits: { a: LIMIT, b: { ...LIMIT, by: "subject" } } },
    { name: "two bindings with other numbers", limits: { a: LIMIT, b: { ...LIMIT, binding: "OTHER", limit: 5 } } },
    { name: "none at all", limits: {} },
  ])("have no fault: $name", ({ limits }) => {
    expect(faults(limits)).toEqual([]);
  });

  it("say what to write instead", () => {
    expect(faults({ a: { ...LIMIT, periodSeconds: 30 } })).toEqual([
      "$.rateLimits.a.periodSeconds: Found 30. Write 10 or 60.",
    ]);
    expect(faults({ a: { ...LIMIT, by: "user" } })).toEqual([
      "$.rateLimits.a.by: The gateway cannot count by `user`. " +
        "Write `client`, `subject`, `address`, or a claim by its name or JSON Pointer, such as `claim:org_id`.",
    ]);
    expect(faults({ a: LIMIT, b: { ...LIMIT, limit: 99 } })).toEqual([
      "$.rateLimits.b.binding: `a` has the same binding, with 100 requests in 60 seconds. " +
        "Name another binding, or write the same numbers: a binding has one limit and one period.",
    ]);
  });
});
