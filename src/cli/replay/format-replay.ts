import type { LogCounts } from "../decisions/read-decisions.ts";
import { counted, formatColumns } from "../output.ts";
import type { Colours } from "../print/colours.ts";
import { CAUSES } from "./cause.ts";
import type { ChangedRequests, ChangeKind, Counted, ReplayResult } from "./replay.ts";

/** Limit of the groups shown of each kind. `--json` has them all. */
const MAX_SHOWN = 50;

const HEADINGS: { readonly [Kind in ChangeKind]: string } = {
  "newly-refused": "Now refused",
  "newly-allowed": "Now allowed",
  "other-upstream": "Sent to another upstream",
};

/** The names that a replay shows. */
export interface ReplayNames {
  readonly policy: string;
  /** `undefined`: nobody knows the policy that wrote the lines. */
  readonly before: string | undefined;
}

/** Formats a replay for a terminal: what ends otherwise, what nobody can tell, and what was read. */
export function formatReplay(
  result: ReplayResult,
  counts: LogCounts,
  names: ReplayNames,
  { strong, bad, good, doubtful, faint }: Colours,
): readonly string[] {
  const { total, changed, groups, ungrouped, untold } = result;
  if (total.lines === 0) return [`The log has no decision line.`, ...skippedLines(counts)];
  const lines: string[] = [strong(`Under ${names.policy}:`)];
  for (const kind of Object.keys(HEADINGS) as ChangeKind[]) {
    if (changed[kind].lines === 0) continue;
    const paint = kind === "newly-refused" ? bad : kind === "newly-allowed" ? doubtful : strong;
    lines.push("", paint(`${HEADINGS[kind]}: ${requestsIn(changed[kind])}`), ...groupLines(groups, kind, faint));
  }
  if (ungrouped.lines > 0) lines.push("", `Not listed, because there are too many groups: ${requestsIn(ungrouped)}`);
  if (untold.size > 0) {
    lines.push("", doubtful("Nobody can tell from the log:"));
    const rows = Array.from(untold, ([cause, of]) => [`  ${numberOf(of.requests)}`, CAUSES[cause]]);
    lines.push(...formatColumns(rows));
  }
  const summary = `${requestsIn(result.unchanged)} of ${numberOf(total.requests)} ${result.unchanged.requests === 1 ? "ends" : "end"} as before.`;
  const isQuiet = Object.values(changed).every((of) => of.lines === 0);
  lines.push("", isQuiet ? good(summary) : summary, ...readLines(result, counts, names));
  return lines;
}

function groupLines(groups: ReplayResult["groups"], kind: ChangeKind, faint: (text: string) => string) {
  const all = groups.filter((group) => group.kind === kind);
  const shown = all.slice(0, MAX_SHOWN);
  const rows = formatColumns(
    shown.map((group) => [
      `  ${numberOf(group.requests)}`,
      group.client ?? "(no client)",
      `${group.method} ${group.route ?? "(no route)"}`,
      whatChanges(group),
    ]),
  );
  const lines = shown.flatMap(({ example }, at) => [
    rows[at] ?? "",
    faint(`      such as ${example.request_id}${example.time === undefined ? "" : ` at ${example.time}`}`),
  ]);
  if (all.length > MAX_SHOWN) lines.push(`  ${counted(all.length - MAX_SHOWN, "more group")}. All of them: --json`);
  return lines;
}

function whatChanges({ kind, reasonBefore, reasonAfter, upstreamBefore, upstreamAfter }: ChangedRequests): string {
  if (kind === "newly-refused") return reasonAfter ?? "one of several reasons";
  if (kind === "newly-allowed") return `was ${reasonBefore ?? "refused"}, goes to ${upstreamAfter}`;
  return `${upstreamBefore} -> ${upstreamAfter}`;
}

function readLines({ total, span, withoutBefore, groups }: ReplayResult, counts: LogCounts, names: ReplayNames) {
  const isSampled = Math.abs(total.requests - total.lines) > 0.5;
  const times = span === undefined ? "" : ` from ${span.first} to ${span.last}`;
  const read = `Read ${countedOf(total.lines, "decision line")}${times}.`;
  const lines = [
    isSampled ? `${read} They are a sample: the numbers of requests are estimates from \`sample_share\`.` : read,
    ...skippedLines(counts),
  ];
  if (groups.some(({ reasonAfter }) => reasonAfter === "issuer-unknown")) {
    lines.push(
      "This policy does not have all issuers of the log. If it has variables, name the environment with --env.",
    );
  }
  if (names.before === undefined) {
    lines.push("Assumed, because --before is not given: issuers and hosts are as before, and every scope counted.");
  } else if (withoutBefore.lines > 0) {
    lines.push(
      `${names.before} cannot have written ${countedOf(withoutBefore.lines, "line")}. ` +
        "For these it is assumed that issuers and hosts are as before, and that every scope counted.",
    );
  }
  return lines;
}

/** What of the log was passed over. */
function skippedLines(counts: LogCounts): readonly string[] {
  const parts = [
    [counts.otherText, "line of other text"],
    [counts.otherEvent, "line about something else"],
    [counts.withoutLine, "document without a line of the gateway"],
    [counts.cut, "document that was cut off"],
    [counts.tooLong, "document that is too long"],
    [counts.newerVersion, "line of a newer version"],
    [counts.malformed, "malformed decision line"],
  ] as const;
  const texts = parts.flatMap(([count, what]) => (count === 0 ? [] : [countedOf(count, what)]));
  return texts.length === 0 ? [] : [`Passed over: ${texts.join(", ")}.`];
}

/** The noun is the first word, or the word before `line`. */
function countedOf(count: number, what: string): string {
  if (count === 1) return `1 ${what}`;
  const plural = what.replace(/^(line|document)\b|\bline$/, "$&s");
  return `${numberOf(count)} ${plural}`.replace("that was", "that were").replace("that is", "that are");
}

function requestsIn({ requests }: Counted): string {
  return requests === 1 ? "1 request" : `${numberOf(requests)} requests`;
}

function numberOf(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}
