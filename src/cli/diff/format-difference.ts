import type { ClientCall } from "../../policy/analysis/diff/client-comparer.ts";
import type { PolicyDifference } from "../../policy/analysis/diff/diff-policies.ts";
import { jsonPath } from "../../policy/fault.ts";
import { counted } from "../output.ts";
import type { LoadedPolicy } from "../policy-file/policy-source.ts";
import type { Colours } from "../print/colours.ts";
import { clientAssumption } from "./client-assumption.ts";
import { type DescribedChange, describeRouteChange, exampleLines, requirementChange } from "./describe-route-change.ts";

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
    described.flatMap((change) => formatChange(change, colours)),
    settings.map(({ kind, path, message }) => `${paintKind(kind, colours)}${jsonPath(path)}: ${message}`),
    clients.flatMap(({ client, gained, lost, unenforced }) => [
      strong(`Client ${client}`),
      ...gained.map((call) => `  can now        ${formatCall(call)}`),
      ...lost.map((call) => `  can no longer  ${formatCall(call)}`),
      ...unenforced.map((call) => `  can still      ${formatCall(call)}`),
    ]),
    assumption === undefined ? [] : [`${colours.doubtful("Note:")} ${assumption}`],
  ];
  const parts = sections.filter((lines) => lines.length > 0).flatMap((lines) => ["", ...lines]);
  return [heading, ...parts, "", summary([...routes, ...settings])];
}

function formatChange(change: DescribedChange, colours: Colours): readonly string[] {
  const { kind, methods, path, before, after, note } = change;
  const was = before && after && before.path !== after.path ? ` (was ${before.path})` : "";
  const suffix = note === undefined ? "" : `, ${note}`;
  return [
    `${paintKind(kind, colours)}${methods.join(",")} ${path}${was}: ${requirementChange(change)}${suffix}`,
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

function formatCall({ methods, route, witness, note }: ClientCall): string {
  const suffix = note === undefined ? "" : `, ${note}`;
  return `${methods.join(",")} ${route.path}${suffix}, such as ${witness.method} ${witness.path}`;
}

function summary(changes: readonly { readonly kind: string }[]): string {
  if (changes.length === 0) return "Nothing changes except what clients can do.";
  const kinds = Array.from(
    Map.groupBy(changes, ({ kind }) => kind),
    ([kind, of]) => `${of.length} ${kind}`,
  );
  return `${counted(changes.length, "change")}: ${kinds.join(", ")}`;
}
