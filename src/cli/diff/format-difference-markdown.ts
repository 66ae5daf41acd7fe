import type { ClientCall } from "../../policy/analysis/diff/client-comparer.ts";
import type { PolicyDifference } from "../../policy/analysis/diff/diff-policies.ts";
import { jsonPath } from "../../policy/fault.ts";
import { counted } from "../output.ts";
import type { LoadedPolicy } from "../policy-file/policy-source.ts";
import { type Cell, type Code, type Markdown, markdownLead, markdownTable, markdownText } from "../print/markdown.ts";
import { withMessage } from "../print/request-text.ts";
import { clientAssumption } from "./client-assumption.ts";
import { clientHeading } from "./client-heading.ts";
import { describeRouteChange, exampleLines, requirementChange } from "./describe-route-change.ts";
import { groupChanges, othersText } from "./group-changes.ts";

/** Limit of each table. GitHub accepts no comment beyond 65,536 characters. */
const MAX_ROWS = 50;

/** Formats a difference as GitHub Flavored Markdown. Every text that comes from a policy stands in a code span. */
export function formatDifferenceMarkdown(
  { routes, settings, clients }: PolicyDifference,
  before: Pick<LoadedPolicy, "policy">,
  after: Pick<LoadedPolicy, "policy">,
): readonly Markdown[] {
  if (routes.length + settings.length + clients.length === 0) return [markdownLead("Policy:", "nothing changes.")];
  const described = routes.map((change) => describeRouteChange(change, before.policy, after.policy));
  const routeRows = groupChanges(described).map(({ change, others }) => [
    change.kind,
    code(
      `${withMessage(`${change.methods.join(",")} ${change.path}`, change.mcp)}${others === 0 ? "" : ` and ${othersText(others, change)}`}`,
    ),
    [requirementChange(change), change.note].flatMap((text) => (text === undefined || text === "" ? [] : [code(text)])),
    exampleLines(change).map(code),
  ]);
  const settingRows = settings.map(({ kind, path, message }) => [kind, code(jsonPath(path)), code(message)]);
  const clientRows = clients.flatMap((change) => {
    const name = code(clientHeading(change, before.policy, after.policy));
    return [
      ...change.gained.map((call) => [name, "can now", formatCall(call)]),
      ...change.lost.map((call) => [name, "can no longer", formatCall(call)]),
      ...change.unenforced.map((call) => [name, "can still", formatCall(call)]),
    ];
  });
  const assumption = clientAssumption({ clients }, before.policy, after.policy);
  return [
    markdownLead("Policy:", counted(routes.length + settings.length, "change")),
    ...table(["change", "request", "requirement", "example"], routeRows),
    ...table(["change", "setting", ""], settingRows),
    ...table(["client", "", "calls"], clientRows),
    ...(assumption === undefined ? [] : [markdownText(assumption)]),
  ];
}

function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): readonly Markdown[] {
  if (rows.length === 0) return [];
  const more = rows.length > MAX_ROWS ? [markdownText(`... and ${rows.length - MAX_ROWS} more.`)] : [];
  return [markdownTable(headings, rows.slice(0, MAX_ROWS)), ...more];
}

function code(text: string): Code {
  return { code: text };
}

function formatCall({ methods, route, mcp, note }: ClientCall): Code {
  return code(
    [withMessage(`${methods.join(",")} ${route.path}`, mcp), note].filter((text) => text !== undefined).join(", "),
  );
}
