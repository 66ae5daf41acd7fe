import { describe, expect, it } from "vitest";
import type { LogCounts } from "../../../src/cli/decisions/read-decisions.ts";
import { coloursFor } from "../../../src/cli/print/colours.ts";
import { formatReplay, type ReplayNames } from "../../../src/cli/replay/format-replay.ts";
import type { ChangedRequests, ReplayResult } from "../../../src/cli/replay/replay.ts";

const NAMES: ReplayNames = { policy: "routes.json", before: "git:main" };
const READ: LogCounts = {
  ...{ lines: 1, bytes: 1, totalBytes: 1, withoutLine: 0, otherText: 0, otherEvent: 0 },
  ...{ cut: 0, tooLong: 0, newerVersion: 0, malformed: 0 },
};
const count = (lines: number, requests = lines) => ({ lines, requests });
const QUIET: ReplayResult = {
  total: count(1),
  unchanged: count(1),
  changed: { "newly-refused": count(0), "newly-allowed": count(0), "other-upstream": count(0) },
  groups: [],
  ungrouped: count(0),
  untold: new Map(),
  withoutBefore: count(0),
  span: undefined,
};
const GROUP: ChangedRequests = {
  ...{ kind: "newly-refused", issuer: "https://issuer.example", client: "web", method: "GET", route: "/orders" },
  ...{ reasonBefore: undefined, reasonAfter: "scope-insufficient", upstreamBefore: "orders", upstreamAfter: undefined },
  ...{ example: { request_id: "r1", time: "2026-11-28T16:00:00.000Z" }, lines: 1, requests: 1 },
};
const refused = (groups: readonly ChangedRequests[]) => ({
  changed: { ...QUIET.changed, "newly-refused": count(groups.length) },
  groups,
});

function textOf(
  result: Partial<ReplayResult>,
  { counts = {}, names = NAMES }: { readonly counts?: Partial<LogCounts>; readonly names?: ReplayNames } = {},
): string {
  return formatReplay({ ...QUIET, ...result }, { ...READ, ...counts }, names, coloursFor({ isTTY: false })).join("\n");
}

describe("a replay for people", () => {
  it.each([
    {
      name: "says that nothing changes",
      result: {},
      expected: "\n1 request of 1 ends as before.\nRead 1 decision line.",
    },
    {
      name: "says that there is nothing to read",
      result: { total: count(0) },
      counts: { otherText: 2 },
      expected: "The log has no decision line.\nPassed over: 2 lines of other text.",
    },
    {
      name: "says why a call is refused now",
      result: refused([GROUP]),
      expected:
        "Now refused: 1 request\n  1  web  GET /orders  scope-insufficient\n      such as r1 at 2026-11-28T16:00:00.000Z",
    },
    {
      name: "says that several reasons are possible",
      result: refused([{ ...GROUP, reasonAfter: undefined }]),
      expected: "one of several reasons",
    },
    {
      name: "names a call without a client and without a route",
      result: refused([{ ...GROUP, client: undefined, route: undefined, example: { request_id: "r1" } }]),
      expected: "  1  (no client)  GET (no route)  scope-insufficient\n      such as r1\n",
    },
    {
      name: "says where a call goes that was refused",
      result: {
        changed: { ...QUIET.changed, "newly-allowed": count(1) },
        groups: [{ ...GROUP, kind: "newly-allowed" as const, reasonBefore: "route-unknown", upstreamAfter: "orders" }],
      },
      expected: "was route-unknown, goes to orders",
    },
    {
      name: "counts large numbers with commas, and estimates a sample",
      result: { total: count(10, 12_345), unchanged: count(10, 12_345) },
      expected:
        "12,345 requests of 12,345 end as before.\nRead 10 decision lines. They are a sample: the numbers of requests are estimates from `sample_share`.",
    },
    {
      name: "says what nobody can tell",
      result: { untold: new Map([["host" as const, count(3)]]) },
      expected: "Nobody can tell from the log:\n  3  The answer depends on the host.",
    },
    {
      name: "says what it assumes without the policy before",
      result: {},
      names: { ...NAMES, before: undefined },
      expected: "Assumed, because --before is not given: issuers and hosts are as before, and every scope counted.",
    },
    {
      name: "says which lines the policy before cannot have written",
      result: { withoutBefore: count(2) },
      expected: "git:main cannot have written 2 lines. ",
    },
    {
      name: "says why issuers may be unknown",
      result: refused([{ ...GROUP, reasonAfter: "issuer-unknown" }]),
      expected: "If it has variables, name the environment with --env.",
    },
    {
      name: "says in the right number what it passed over",
      result: {},
      counts: { cut: 1, tooLong: 2, malformed: 2, newerVersion: 1 },
      expected:
        "Passed over: 1 document that was cut off, 2 documents that are too long, 1 line of a newer version, 2 malformed decision lines.",
    },
  ])("$name", ({ result, counts, names, expected }) => {
    expect(textOf(result, { ...(counts && { counts }), ...(names && { names }) })).toContain(expected);
  });

  it.each([
    { groups: 50, expected: undefined },
    { groups: 51, expected: "  1 more group. All of them: --json" },
  ])("shows at most 50 of $groups groups", ({ groups, expected }) => {
    const lines = textOf(refused(Array.from({ length: groups }, () => GROUP))).split("\n");
    expect(lines.filter((line) => line.includes("scope-insufficient"))).toHaveLength(50);
    expect(lines.find((line) => line.includes("more group"))).toBe(expected);
  });
});
