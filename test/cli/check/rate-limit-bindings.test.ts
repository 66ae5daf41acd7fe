import { describe, expect, it } from "vitest";
import { rateLimitBindings } from "../../../src/cli/check/rate-limit-bindings.ts";
import type { WranglerSettings } from "../../../src/cli/policy-file/read-environments.ts";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { compiled, policyFileWithRoute } from "../../support/policy/policy-file.ts";

const LIMIT = { binding: "RL_STANDARD", limit: 100, periodSeconds: 60, by: "client" };
const file = (limit: object = {}) => ({
  ...policyFileWithRoute({ scopes: ["read:orders"], rateLimit: ["standard"] }),
  rateLimits: { standard: { ...LIMIT, ...limit } },
});
const BOUND = { name: "RL_STANDARD", namespace_id: "1001", simple: { limit: 100, period: 60 } };

describe("check", () => {
  it.each<{ name: string; limit?: object; settings: WranglerSettings | undefined; expected: string[] }>([
    { name: "nothing where there is no wrangler file", settings: undefined, expected: [] },
    { name: "nothing where both files agree", settings: { ratelimits: [BOUND] }, expected: [] },
    {
      name: "nothing where an older file agrees",
      settings: { unsafe: { bindings: [{ ...BOUND, type: "ratelimit", namespace_id: 1001 }] } },
      expected: [],
    },
    {
      name: "a missing binding",
      settings: {},
      expected: [
        "error unbound-rate-limit rateLimits.standard.binding: There is no rate limit `RL_STANDARD`. " +
          'Add `[[ratelimits]]` with `name = "RL_STANDARD"`, a `namespace_id` of your choice such as "1001", and ' +
          "`simple = { limit = 100, period = 60 }` to every environment.",
      ],
    },
    {
      name: "another binding",
      settings: { ratelimits: [{ ...BOUND, name: "RL_OTHER" }] },
      expected: [expect.stringContaining("error unbound-rate-limit rateLimits.standard.binding: There is no")],
    },
    {
      name: "a namespace in place of a rate limit",
      settings: { kv_namespaces: [{ binding: "RL_STANDARD" }] },
      expected: [expect.stringContaining("error unbound-rate-limit rateLimits.standard.binding: There is no")],
    },
    {
      name: "an unsafe binding of another kind",
      settings: { unsafe: { bindings: [{ ...BOUND, type: "kv_namespace" }] } },
      expected: [expect.stringContaining("error unbound-rate-limit rateLimits.standard.binding: There is no")],
    },
    {
      name: "another limit",
      settings: { ratelimits: [{ ...BOUND, simple: { limit: 101, period: 60 } }] },
      expected: [
        "error mismatched-rate-limit rateLimits.standard.limit: Wrangler's file gives `RL_STANDARD` 101 requests in " +
          "60 seconds, and the policy says 100 requests in 60 seconds. Write the same numbers in both files, for every " +
          "environment: those of wrangler's file are the ones that count.",
      ],
    },
    {
      name: "another limit in a second binding of the name",
      settings: {
        ratelimits: [BOUND],
        unsafe: { bindings: [{ ...BOUND, type: "ratelimit", simple: { limit: 1000, period: 60 } }] },
      },
      expected: [expect.stringContaining("Wrangler's file gives `RL_STANDARD` 1000 requests in 60 seconds, and the")],
    },
    {
      name: "another period",
      settings: { ratelimits: [{ ...BOUND, simple: { limit: 100, period: 10 } }] },
      expected: [expect.stringContaining("error mismatched-rate-limit rateLimits.standard.periodSeconds: Wrangler's")],
    },
    {
      name: "another limit in an older file",
      settings: { unsafe: { bindings: [{ ...BOUND, type: "ratelimit", simple: { limit: 1, period: 60 } }] } },
      expected: [expect.stringContaining("error mismatched-rate-limit rateLimits.standard.limit: Wrangler's")],
    },
    ...[{}, { limit: 100 }, { limit: "100", period: "60" }, null].map((simple) => ({
      name: `${JSON.stringify(simple)} in place of the numbers in an older file`,
      settings: { unsafe: { bindings: [{ ...BOUND, type: "ratelimit", simple }] } },
      expected: [
        expect.stringContaining(
          "Wrangler's file gives `RL_STANDARD` no numbers as `simple.limit` and `simple.period`, and the policy says 100",
        ),
      ],
    })),
    ...["", "0", "-1", "1.5", "production", "01"].map((id) => ({
      name: `the namespace ${JSON.stringify(id)}`,
      settings: { ratelimits: [{ ...BOUND, namespace_id: id }] },
      expected: [
        "error unbound-rate-limit rateLimits.standard.binding: The `namespace_id` of `RL_STANDARD` is not a positive whole " +
          'number, so Cloudflare refuses it. Write a number as a text, such as "1001".',
      ],
    })),
    {
      name: "a binding of the gateway",
      limit: { binding: "JWKS" },
      settings: { ratelimits: [{ ...BOUND, name: "JWKS" }] },
      expected: [
        "error own-binding rateLimits.standard.binding: The binding `JWKS` belongs to the gateway itself and counts no " +
          "requests. Bind the rate limit under another name.",
      ],
    },
  ])("finds $name", ({ limit, settings, expected }) => {
    const found = rateLimitBindings(compiled(file(limit)), settings).map(
      ({ code, severity, path, message, hint }) => `${severity} ${code} ${path.join(".")}: ${message} ${hint}`,
    );
    expect(found).toEqual(expected);
  });

  it("asks for no binding of a limit that no route names", () => {
    const unused = { ...policyFileWithRoute({ scopes: ["read:orders"] }), rateLimits: { standard: LIMIT } };
    expect(rateLimitBindings(compiled(unused), {})).toEqual([]);
  });
});

const scratch = scratchDirectory();

it("check compares the numbers in each environment, though the policy has no variable", async () => {
  const policy = scratch.write("routes.json", JSON.stringify(file()));
  const limit = (id: number, period: number) =>
    `[{ name = "RL_STANDARD", namespace_id = "${id}", simple = { limit = 100, period = ${period} } }]`;
  scratch.write(
    "wrangler.toml",
    `name = "gateway"\nratelimits = ${limit(1, 60)}\n[env.same]\nratelimits = ${limit(2, 60)}\n` +
      `[env.fast]\nratelimits = ${limit(3, 10)}\n[env.without]\n`,
  );
  const { stdout, exitCode } = await scopegate("check", "--policy", policy, "--json");
  const { findings } = JSON.parse(stdout) as { findings: { code: string; environments?: string[] }[] };
  expect(exitCode).toBe(1);
  expect(
    findings.flatMap(({ code, environments }) => (code.endsWith("-rate-limit") ? [{ code, environments }] : [])),
  ).toEqual([
    { code: "unbound-rate-limit", environments: ["without"] },
    { code: "mismatched-rate-limit", environments: ["fast"] },
  ]);
});
