import { describe, expect, it } from "vitest";
import { diffPolicies } from "../../../../src/policy/analysis/diff/diff-policies.ts";
import type { Policy } from "../../../../src/policy/policy.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";

const SLOW = { binding: "SLOW", limit: 100, periodSeconds: 60, by: "client" };
const FAST = { binding: "FAST", limit: 5, periodSeconds: 10, by: "client" };
const IN_WORDS = {
  slow: "slow (100 requests in 60 seconds for each client)",
  fast: "fast (5 requests in 10 seconds for each client)",
};

const REPORT = { until: "2027-01-31" };
const ROUTE = { path: "/orders", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" };
const policy = (names: readonly string[] | undefined, rateLimits: object = { slow: SLOW, fast: FAST }) =>
  compiled(policyFileWith({ rateLimits, routes: [{ ...ROUTE, ...(names && { rateLimit: names }) }] }));

function changes(before: ReturnType<typeof policy>, after: ReturnType<typeof policy>) {
  const { routes, settings, clients } = diffPolicies(before, after);
  return { routes: routes.map(({ kind, note }) => ({ kind, note })), settings, clients };
}

describe("the limits of a route", () => {
  it.each([
    { before: undefined, after: ["slow"], kind: "tighter", note: `now limited by ${IN_WORDS.slow}` },
    { before: ["slow"], after: undefined, kind: "looser", note: `no longer limited by ${IN_WORDS.slow}` },
    { before: ["slow"], after: ["slow", "fast"], kind: "tighter", note: `now limited by ${IN_WORDS.fast}` },
    {
      before: ["slow"],
      after: ["fast"],
      kind: "incomparable",
      note: `now limited by ${IN_WORDS.fast}, no longer limited by ${IN_WORDS.slow}`,
    },
    {
      before: ["slow", "fast"],
      after: undefined,
      kind: "looser",
      note: `no longer limited by ${IN_WORDS.fast} and ${IN_WORDS.slow}`,
    },
  ])("from $before to $after are $kind", ({ before, after, kind, note }) => {
    expect(changes(policy(before), policy(after))).toEqual({ routes: [{ kind, note }], settings: [], clients: [] });
  });

  it.each([
    { name: "in another order", before: policy(["slow", "fast"]), after: policy(["fast", "slow"]) },
    { name: "under another name", before: policy(["slow"]), after: policy(["once"], { once: SLOW }) },
    { name: "that no route names", before: policy(undefined), after: policy(undefined, {}) },
  ])("$name change nothing", ({ before, after }) => {
    expect(changes(before, after)).toEqual({ routes: [], settings: [], clients: [] });
  });

  it.each([
    { name: "on both sides", before: { report: REPORT }, after: { rateLimit: ["slow"], report: REPORT }, expected: [] },
    {
      name: "from now on",
      before: { rateLimit: ["slow"] },
      after: { rateLimit: ["slow"], report: REPORT },
      expected: [
        { kind: "opened", note: undefined },
        { kind: "looser", note: `no longer limited by ${IN_WORDS.slow}` },
      ],
    },
  ])("limit nobody while the route only reports $name", ({ before, after, expected }) => {
    const [was, is] = [before, after].map((members) =>
      compiled(policyFileWith({ rateLimits: { slow: SLOW }, routes: [{ ...ROUTE, ...members }] })),
    );
    expect(changes(was as Policy, is as Policy).routes).toEqual(expected);
  });

  it("of a route that is new or gone are no change of their own", () => {
    const more = compiled(
      policyFileWith({
        rateLimits: { slow: SLOW },
        routes: [ROUTE, { ...ROUTE, path: "/more", rateLimit: ["slow"] }],
      }),
    );
    expect(changes(policy(undefined), more).routes).toEqual([{ kind: "added", note: undefined }]);
    expect(changes(more, policy(undefined)).routes).toEqual([{ kind: "removed", note: undefined }]);
  });

  it("are told of many alike routes as one change for each limit", () => {
    const many = Array.from({ length: 20 }, (_, at) => ({
      ...ROUTE,
      path: `/:t/r${at}/:id`,
      rateLimit: [at < 5 ? "slow" : "fast"],
    }));
    const file = (...routes: object[]) =>
      compiled(policyFileWith({ rateLimits: { slow: SLOW, fast: FAST }, routes: [...many, ...routes] }));
    const after = file({ ...ROUTE, path: "/a/:kind/:id" });
    expect(changes(file(), after).routes.filter(({ kind }) => kind === "looser")).toEqual([
      { kind: "looser", note: `no longer limited by ${IN_WORDS.slow}, also from 4 other routes` },
      { kind: "looser", note: `no longer limited by ${IN_WORDS.fast}, also from 14 other routes` },
    ]);
    const limited = file({ ...ROUTE, path: "/a/:kind/:id", rateLimit: ["slow"] });
    expect(changes(file(), limited).routes.filter(({ kind }) => kind === "incomparable")).toEqual([
      {
        kind: "incomparable",
        note: `now limited by ${IN_WORDS.slow}, no longer limited by ${IN_WORDS.fast}, also from 14 other routes`,
      },
    ]);
  });
});
