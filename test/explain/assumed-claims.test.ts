import { describe, expect, it } from "vitest";
import { withAssumedClaims } from "../../src/explain/assumed-claims.ts";
import { assumedCaller } from "../../src/explain/caller.ts";
import { explainRequest } from "../../src/explain/explain-request.ts";
import { compiled, policyFileWith } from "../support/policy/policy-file.ts";

const policy = compiled(
  policyFileWith({
    clients: { web: { scopes: ["read:orders"] } },
    routes: [
      {
        path: "/users/:id",
        methods: ["GET"],
        scopes: ["write:orders", { allOf: ["read:orders", { param: "id", equals: "sub" }] }],
        upstream: "orders",
      },
      {
        path: "/vip",
        methods: ["GET"],
        scopes: { allOf: [{ claim: "/org/tier", in: ["gold", "vip"] }] },
        upstream: "orders",
      },
    ],
  }),
);

async function explain(path: string, scopes: readonly string[], values: Readonly<Record<string, string>>) {
  const tested = Object.entries(values).map(([claim, value]) => ({ claim: claim.split("/"), value }));
  const caller = assumedCaller({ client: undefined, scopes, tested }, policy);
  return explainRequest(policy, { method: "GET", url: `https://gw.example${path}` }, caller);
}

it("a claim that only a message looks at may be assumed", () => {
  const tools = { get: { scopes: [{ claim: "tier", in: ["gold"] }] } };
  const file = policyFileWith({ routes: [{ path: "/mcp", upstream: "orders", mcp: { tools } }] });
  const values = [
    { claim: ["tier"], value: "gold" },
    { claim: ["other"], value: "x" },
  ];
  expect(withAssumedClaims({}, values, compiled(file))).toEqual({ tier: "gold" });
});

describe("explain with claims that conditions look at", () => {
  it.each([
    {
      name: "met by a parameter",
      path: "/users/alice",
      scopes: ["read:orders"],
      values: { sub: "alice" },
      outcome: "forwarded",
    },
    {
      name: "not met by a parameter",
      path: "/users/bob",
      scopes: ["read:orders"],
      values: { sub: "alice" },
      outcome: "refused",
    },
    { name: "met by a claim", path: "/vip", scopes: [], values: { "org/tier": "vip" }, outcome: "forwarded" },
    { name: "not met by a claim", path: "/vip", scopes: [], values: { "org/tier": "tin" }, outcome: "refused" },
    { name: "not met without it", path: "/vip", scopes: [], values: {}, outcome: "refused" },
  ])("$name: $outcome", async ({ path, scopes, values, outcome }) => {
    expect((await explain(path, scopes, values)).outcome).toBe(outcome);
  });

  it("says which condition failed, and what would have been enough", async () => {
    const { refusal, requirement } = await explain("/users/bob", ["read:orders"], { sub: "alice" });
    const condition = { kind: "parameter", name: "id", equals: ["sub"], met: false };
    expect(refusal?.reason).toBe("scope-insufficient");
    expect(requirement?.outcome).toMatchObject({
      met: false,
      of: [{ met: false }, { of: [{ met: true }, condition] }],
    });
    expect(requirement?.sufficient).toEqual([
      { scopes: ["https://api.example/write:orders"], missing: ["https://api.example/write:orders"], clients: [] },
      { scopes: ["https://api.example/read:orders"], conditions: [condition], missing: [], clients: ["web"] },
    ]);
  });

  it("leaves out a claim that no condition looks at, and says so", async () => {
    const { caller, outcome } = await explain("/users/alice", ["read:orders"], { sbu: "alice", iss: "x" });
    expect(outcome).toBe("refused");
    expect(caller.remarks).toEqual([
      "`sbu` is left out: no condition looks at it. Did you mean `sub`?",
      "`iss` is left out: no condition looks at it. Known: sub, /org/tier.",
    ]);
  });
});
