import type { ClientCall } from "../../policy/analysis/diff/client-comparer.ts";
import type { PolicyDifference } from "../../policy/analysis/diff/diff-policies.ts";
import { jsonPath } from "../../policy/fault.ts";
import { counted } from "../output.ts";
import type { LoadedPolicy } from "../policy-file/policy-source.ts";
import type { Colours } from "../print/colours.ts";
import { requestText, withMessage } from "../print/request-text.ts";
import { clientAssumption } from "./client-assumption.ts";
import { clientHeading } from "./client-heading.ts";
import { describeRouteChange, exampleLines, requirementChange } from "./describe-route-change.ts";
import { type GroupedChange, groupChanges, othersText } from "./group-changes.ts";

/** Limit of the calls shown that one client gains, and of those that it loses. `--json` has them all. */
const MAX_CALLS = 50;

/** Formats a difference for a terminal: changes of routes first, then of settings, then what they mean for clients. */
export function formatDifference(
  { routes, settings, clients }: PolicyDifference,
  before: LoadedPolicy,
  after: LoadedPolicy,
  colours: Colours,
): readonly string[] {
  const heading = `${before.name} -> ${after.name}`;
  if (routes.length + settings.length + clients.length === 0) return [`${heading}: nothing changes.`];
  const described = routes.map((change) => describeRouteChange(change, before.policy, after.policy));
  const { strong } = colours;
  const assumption = clientAssumption({ clients }, before.policy, after.policy);
  const sections = [
    groupChanges(described).flatMap((group) => formatChange(group, colours)),
    settings.map(({ kind, path, message }) => `${paintKind(kind, colours)}${jsonPath(path)}: ${message}`),
    clients.flatMap((change) => [
      strong(`Client ${clientHeading(change, before.policy, after.policy)}`),
      ...formatCalls("can now", change.gained),
      ...formatCalls("can no longer", change.lost),
      ...formatCalls("can still", change.unenforced),
    ]),
    assumption === undefined ? [] : [`${colours.doubtful("Note:")} ${assumption}`],
  ];
  const parts = sections.filter((lines) => lines.length > 0).flatMap((lines) => ["", ...lines]);
  return [heading, ...parts, "", summary([...routes, ...settings])];
}

function formatChange({ change, others }: GroupedChange, colours: Colours): readonly string[] {
  const { kind, methods, path, mcp, before, after, note } = change;
  const was = before && after && before.path !== after.path ? ` (was ${before.path})` : "";
  const suffix = note === undefined ? "" : `, ${note}`;
  const more = others === 0 ? "" : ` and ${othersText(others, change)}`;
  return [
    `${paintKind(kind, colours)}${withMessage(`${methods.join(",")} ${path}`, mcp)}${was}${more}: ${requirementChange(change)}${suffix}`,
    ...exampleLines(change).map((line) => colours.faint(`${" ".repeat(14)}${line}`)),
  ];
}

/** The kinds by which someone gains trust. */
const GAINS_TRUST: ReadonlySet<string> = new Set([
  "opened",
  "looser",
  "incomparable",
  "identity",
  "token-forwarding",
  "moved",
]);

function paintKind(kind: string, { good, bad, doubtful }: Colours): string {
  const padded = `${kind} `.padEnd(14);
  if (GAINS_TRUST.has(kind)) return bad(padded);
  return kind === "tighter" || kind === "removed" ? good(padded) : doubtful(padded);
}

function formatCalls(verb: string, calls: readonly ClientCall[]): readonly string[] {
  const left = calls.length - MAX_CALLS;
  const lines = calls.slice(0, MAX_CALLS).map((call) => `  ${verb.padEnd(15)}${formatCall(call)}`);
  return left > 0 ? [...lines, `  ${verb.padEnd(15)}${counted(left, "more call")}. All of them: diff --json`] : lines;
}

function formatCall({ methods, route, mcp, witness, note }: ClientCall): string {
  const suffix = note === undefined ? "" : `, ${note}`;
  return `${withMessage(`${methods.join(",")} ${route.path}`, mcp)}${suffix}, such as ${requestText(witness)}`;
}

function summary(changes: readonly { readonly kind: string }[]): string {
  if (changes.length === 0) return "Nothing changes except what clients can do.";
  const kinds = Array.from(
    Map.groupBy(changes, ({ kind }) => kind),
    ([kind, of]) => `${of.length} ${kind}`,
  );
  return `${counted(changes.length, "change")}: ${kinds.join(", ")}`;
}
