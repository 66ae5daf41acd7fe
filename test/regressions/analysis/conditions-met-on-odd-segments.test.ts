import { describe, expect, it } from "vitest";
import { callerWithClaims } from "../../../src/explain/claims-caller.ts";
import { dryRun } from "../../../src/explain/dry-run.ts";
import { diffPolicies } from "../../../src/policy/analysis/diff/diff-policies.ts";
import { prove } from "../../../src/policy/analysis/proof/prove.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

/**
 * Once, `diff` and `prove` took a request with path parameters or an encoded slash for one like any other. The gateway
 * lets no claim equal such a segment. So `diff` told of calls that nobody can make, and neither of them saw that a list
 * of values opens what a fixed segment kept shut.
 */

const OWN = { param: "id", equals: "sub" };
const ME = { claim: "sub", in: ["me"] };
type Upstream = { readonly allowPathParameters?: boolean; readonly allowEncodedSlash?: boolean };

function policyOf(
  routes: Readonly<Record<string, readonly unknown[]>>,
  upstream: Upstream = {},
  guarantees: unknown[] = [],
) {
  return compiled(
    policyFileWith({
      clients: { app: { scopes: ["read:orders"] } },
      upstreams: { orders: { url: "https://orders.example", ...upstream } },
      guarantees,
      routes: Object.entries(routes).map(([path, scopes]) => ({ path, methods: ["GET"], scopes, upstream: "orders" })),
    }),
  );
}

async function outcome(
  policy: Policy,
  path: string,
  scopes: readonly string[],
  claims: Readonly<Record<string, unknown>> = {},
) {
  const issuers = [...policy.issuers.values()];
  const caller = callerWithClaims({ client_id: "app", scope: scopes.join(" "), ...claims }, policy, issuers);
  return (await dryRun(policy, { method: "GET", url: `https://gw.example${path}` }, caller.authenticate)).outcome;
}

const both = { allowPathParameters: true, allowEncodedSlash: true };

describe("diff", () => {
  it.each([
    { name: "the only segment has to equal a claim", routes: { "/:id": [OWN] }, paths: [] },
    {
      name: "another segment is open to path parameters",
      routes: { "/users/:id": [OWN] },
      paths: ["/users;v=1/x"],
    },
    {
      name: "an alternative looks at no segment",
      routes: { "/:id": [OWN, "read:orders"] },
      paths: ["/x;v=1", "/x%2Fx"],
    },
    {
      name: "another segment is open to both",
      routes: { "/:id/:file": [OWN] },
      paths: ["/x/x;v=1", "/x/x%2Fx"],
    },
  ])("tells of looser upstreams only what a caller can do, if $name", ({ routes, paths }) => {
    const { routes: changes, clients } = diffPolicies(policyOf(routes), policyOf(routes, both));
    expect(changes.map(({ kind, witness }) => [kind, witness.path])).toEqual(paths.map((path) => ["looser", path]));
    expect(clients.flatMap(({ gained }) => gained.map(({ witness }) => witness.path))).toEqual(paths);
  });

  it("tells that a list of values opens a fixed segment with path parameters", async () => {
    const before = policyOf({ "/users/:id": [{ allOf: [OWN, "read:orders"] }] }, both);
    const after = policyOf(
      { "/users/:id": [{ allOf: [OWN, "read:orders"] }], "/users/me": [{ allOf: [ME, "read:orders"] }] },
      both,
    );
    const [change, ...others] = diffPolicies(before, after).routes;
    expect(others).toEqual([]);
    expect(change).toMatchObject({ kind: "looser", note: "with path parameters", witness: { path: "/users/me;v=1" } });
    const { gained = [], gainedClaims, witness } = change ?? {};
    expect(await outcome(before, witness?.path ?? "", gained, gainedClaims)).toBe("refused");
    expect(await outcome(after, witness?.path ?? "", gained, gainedClaims)).toBe("forwarded");
  });

  it("keeps apart two places with one fixed text", async () => {
    const alternatives = [OWN, { param: "file", equals: "uid" }];
    const before = policyOf({ "/u/:id/f/:file": alternatives });
    const after = policyOf({
      "/u/:id/f/:file": alternatives,
      "/u/alice/f/:file": ["read:orders"],
      "/u/:id/f/alice": ["read:orders"],
    });
    const changes = diffPolicies(before, after).routes;
    expect(changes).toHaveLength(2);
    for (const { lost = [], lostClaims, lostWitness, witness } of changes) {
      expect(await outcome(before, (lostWitness ?? witness).path, lost, lostClaims)).toBe("forwarded");
    }
  });
});

describe("prove", () => {
  const guarantee = { paths: ["/users/me"], requires: [OWN] };
  it("finds the call with path parameters that a list of values lets through", async () => {
    const policy = policyOf({ "/users/:id": [ME] }, both, [guarantee]);
    const [breach] = prove(policy)[0]?.breaches ?? [];
    expect(breach?.path).toBe("/users/me;v=1");
    expect(await outcome(policy, breach?.path ?? "", breach?.scopes ?? [], breach?.claims)).toBe("forwarded");
  });

  it.each([
    { name: "the upstream takes no path parameters", routes: { "/users/:id": [ME] }, upstream: {} },
    { name: "the route itself compares the segment", routes: { "/users/:id": [OWN] }, upstream: both },
  ])("proves it if $name", ({ routes, upstream }) => {
    const [proof] = prove(policyOf(routes, upstream, [guarantee]));
    expect(proof).toMatchObject({ breaches: [], isIdle: false });
  });
});
