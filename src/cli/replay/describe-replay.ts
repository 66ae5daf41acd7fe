import type { LogCounts } from "../decisions/read-decisions.ts";
import type { ReplayNames } from "./format-replay.ts";
import type { Counted, ReplayResult } from "./replay.ts";

/** A replay as `--json` prints it. Requests are estimates where lines are a sample. */
export function describeReplay(result: ReplayResult, counts: LogCounts, { policy, before }: ReplayNames) {
  const { lines: _lines, bytes, totalBytes: _totalBytes, ...skipped } = counts;
  return {
    policy,
    before: before ?? null,
    span: result.span ?? null,
    total: plain(result.total),
    unchanged: plain(result.unchanged),
    newlyRefused: plain(result.changed["newly-refused"]),
    newlyAllowed: plain(result.changed["newly-allowed"]),
    otherUpstream: plain(result.changed["other-upstream"]),
    untold: Object.fromEntries(Array.from(result.untold, ([cause, of]) => [cause, plain(of)])),
    withoutBefore: plain(result.withoutBefore),
    ungrouped: plain(result.ungrouped),
    read: { bytes, skipped },
    changes: result.groups.map((group) => ({ ...group, requests: rounded(group.requests) })),
  };
}

function plain({ lines, requests }: Counted): Counted {
  return { lines, requests: rounded(requests) };
}

/** Sums of shares such as 1/0.03 are no whole numbers. */
function rounded(requests: number): number {
  return Math.round(requests * 1_000) / 1_000;
}
