import { describe, expect, it } from "vitest";
import { ObservedLog } from "../../../src/cli/advise/observed-log.ts";
import type { DecisionLine } from "../../../src/cli/decisions/decision-line.ts";
import { decisionLine } from "../../support/decisions/decision-lines.ts";
import { compiled, policyFile } from "../../support/policy/policy-file.ts";

const READ = "https://api.example/read:orders";
const policy = compiled(policyFile());

/** A log with these lines, each a permitted call of `GET /orders` unless its members say otherwise. */
function logOf(...lines: readonly Readonly<Record<string, unknown>>[]): ObservedLog {
  const log = new ObservedLog(policy);
  const call = { route: "/orders", required: [READ], granted: [READ] };
  for (const members of lines) log.add(decisionLine({ ...call, ...members }) as unknown as DecisionLine);
  return log;
}

/** What the log says of its only client. */
function clientIn({ clients: [client] }: ObservedLog) {
  if (client === undefined) throw new Error("The log has no client.");
  const { observations, refusals, calledRoutes, unknownRoutes, withoutGranted } = client;
  return {
    calls: observations.map(({ permitted, refused }) => [permitted.seen, refused.seen]),
    refusals: Object.fromEntries(refusals),
    called: Array.from(calledRoutes, ({ path }) => path),
    ...(unknownRoutes && { unknownRoutes }),
    ...(withoutGranted && { withoutGranted }),
  };
}

const REFUSED = { decision: "deny", reason: "scope-insufficient" };

describe("a call of a client", () => {
  it.each([
    { name: "counts as permitted", line: {}, expected: { calls: [[1, 0]], refusals: {}, called: ["/orders"] } },
    {
      name: "counts as permitted if the upstream failed",
      line: { decision: "deny", reason: "upstream-timeout" },
      expected: { calls: [[1, 0]], refusals: {}, called: ["/orders"] },
    },
    {
      name: "counts as permitted if only a rate limit reports it",
      line: { decision: "would-deny", reason: "rate-limited" },
      expected: { calls: [[1, 0]], refusals: {}, called: ["/orders"] },
    },
    {
      name: "counts as refused for want of scopes",
      line: REFUSED,
      expected: { calls: [[0, 1]], refusals: { "scope-insufficient": 1 }, called: [] },
    },
    {
      name: "counts as refused if the route only reports",
      line: { ...REFUSED, decision: "would-deny" },
      expected: { calls: [[0, 1]], refusals: { "scope-insufficient": 1 }, called: [] },
    },
    {
      name: "says nothing of scopes if it was refused for something else",
      line: { decision: "deny", reason: "condition-not-met" },
      expected: { calls: [], refusals: { "condition-not-met": 1 }, called: [] },
    },
    {
      name: "needs nothing of this policy if it has no such route",
      line: { route: "/gone" },
      expected: { calls: [], refusals: {}, called: [], unknownRoutes: 1 },
    },
    {
      name: "is untold if the line does not say what the token granted",
      line: { granted: undefined },
      expected: { calls: [], refusals: {}, called: ["/orders"], withoutGranted: 1 },
    },
  ])("$name", ({ line, expected }) => {
    expect(clientIn(logOf(line))).toEqual(expected);
  });

  it("is one of several that differ in nothing, and stands apart from others", () => {
    expect(clientIn(logOf({}, {}, REFUSED, { granted: [] })).calls).toEqual([
      [2, 1],
      [1, 0],
    ]);
  });
});

describe("the log as a whole", () => {
  it.each([
    { name: "counts lines without a token", lines: [{ issuer: undefined }], expected: { withoutToken: 1 } },
    { name: "counts unknown issuers", lines: [{ issuer: "https://o.example" }], expected: { unknownIssuers: 1 } },
    {
      name: "counts routes that asked for other scopes",
      lines: [{ required: ["x"] }],
      expected: { otherRequirements: 1 },
    },
    {
      name: "counts the requests that a line stands for",
      lines: [{ sample_share: 0.1 }],
      expected: { lines: 1, requests: 10 },
    },
    {
      name: "lies between its first and its last line, in any order",
      lines: [{ time: "2026-11-28T15:00:00.000Z" }, { time: undefined }, { time: "2026-11-21T00:00:00.000Z" }],
      expected: { lines: 3, fromMs: Date.UTC(2026, 10, 21), toMs: Date.UTC(2026, 10, 28, 15) },
    },
  ])("$name", ({ lines, expected }) => {
    expect(logOf(...lines).summary).toMatchObject(expected);
  });

  it("has the smallest share of each decision that was sampled", () => {
    const log = logOf({ sample_share: 0.5 }, { sample_share: 0.1 }, { ...REFUSED, sample_share: 1 });
    expect([...log.shares]).toEqual([["allow", 0.1]]);
  });

  it("has clients of one id under two issuers apart", () => {
    const two = compiled({ ...policyFile(), issuers: twoIssuers() });
    const log = new ObservedLog(two);
    for (const issuer of ["https://issuer.example", "https://partner.example"]) {
      log.add(decisionLine({ route: "/orders", granted: [READ], issuer }) as unknown as DecisionLine);
    }
    expect(log.clients.map(({ issuer, id }) => [issuer, id])).toEqual([
      ["main", "mobile"],
      ["partner", "mobile"],
    ]);
  });
});

function twoIssuers() {
  const { main } = policyFile().issuers;
  return { main, partner: { ...main, issuer: "https://partner.example" } };
}
