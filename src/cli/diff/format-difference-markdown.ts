import type { ClientCall } from "../../policy/analysis/diff/client-comparer.ts";
import type { PolicyDifference } from "../../policy/analysis/diff/diff-policies.ts";
import { jsonPath } from "../../policy/fault.ts";
import { counted } from "../output.ts";
import type { LoadedPolicy } from "../policy-file/policy-source.ts";
import { describeRouteChange, exampleLines, requirementChange } from "./describe-route-change.ts";

/** Limit of each table. GitHub accepts no comment beyond 65,536 characters. */
const MAX_ROWS = 50;

/**
 * Formats a difference as GitHub Flavored Markdown. Every text that comes from a policy stands in a code span, so a pull
 * request cannot put links, images or mentions into the comment.
 */
export function formatDifferenceMarkdown(
  { routes, settings, clients }: PolicyDifference,
  before: Pick<LoadedPolicy, "policy">,
  after: Pick<LoadedPolicy, "policy">,
): string {
  if (routes.length + settings.length + clients.length === 0) return "**Policy:** nothing changes.";
  const described = routes.map((change) => describeRouteChange(change, before.policy, after.policy));
  const routeRows = described.map((change) => [
    change.kind,
    code(`${change.methods.join(",")} ${change.path}`),
    [requirementChange(change), change.note].filter((text) => text !== undefined && text !== "").map(code),
    exampleLines(change).map(code),
  ]);
  const settingRows = settings.map(({ kind, path, message }) => [kind, code(jsonPath(path)), code(message)]);
  const clientRows = clients.flatMap(({ client, gained, lost }) => [
    ...gained.map((call) => [code(client), "can now", formatCall(call)]),
    ...lost.map((call) => [code(client), "can no longer", formatCall(call)]),
  ]);
  return [
    `**Policy:** ${counted(routes.length + settings.length, "change")}`,
    ...table(["change", "request", "requirement", "example"], routeRows),
    ...table(["change", "setting", ""], settingRows),
    ...table(["client", "", "calls"], clientRows),
  ].join("\n\n");
}

type Cell = string | readonly (string | undefined)[];

function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const line = (row: readonly Cell[]): string =>
    `| ${row.map((cell) => (typeof cell === "string" ? cell : cell.join("<br>"))).join(" | ")} |`;
  const lines = [line(headings), line(headings.map(() => "---")), ...rows.slice(0, MAX_ROWS).map(line)];
  const more = rows.length > MAX_ROWS ? [`... and ${rows.length - MAX_ROWS} more.`] : [];
  return [lines.join("\n"), ...more];
}

/** A code span with any text, for a cell of a table (GFM 4.10, 6.1). */
function code(text: string | undefined): string {
  const escaped = (text ?? "").replace(/\s+/g, " ").replaceAll("|", "\\|");
  const longest = Math.max(0, ...Array.from(escaped.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${escaped}${fence}` : `${fence} ${escaped} ${fence}`;
}

function formatCall({ methods, route }: ClientCall): string {
  return code(`${methods.join(",")} ${route.path}`);
}
