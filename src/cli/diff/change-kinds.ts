import type { ChangeKind } from "../../policy/analysis/diff/change-kind.ts";
import type { PolicyDifference } from "../../policy/analysis/diff/diff-policies.ts";
import type { SettingChange } from "../../policy/analysis/diff/settings/setting-change.ts";

/** The kind of a change, in a route or outside routes. */
export type AnyChangeKind = ChangeKind | SettingChange["kind"];

type Direction = "opened" | "looser" | "tighter";

/** The directions that each kind of change counts for. A new kind does not compile until it is listed. */
const DIRECTIONS: { readonly [Kind in AnyChangeKind]: readonly Direction[] } = {
  opened: ["opened", "looser"],
  looser: ["looser"],
  incomparable: ["looser", "tighter"],
  identity: ["looser"],
  "token-forwarding": ["looser"],
  moved: ["looser"],
  added: [],
  tighter: ["tighter"],
  removed: ["tighter"],
  headers: [],
  other: [],
};

/** Every kind of change. */
export const ALL_KINDS = Object.keys(DIRECTIONS) as readonly AnyChangeKind[];

/** The kinds of change that count for a direction. */
export function kindsFailing(direction: Direction): readonly AnyChangeKind[] {
  return ALL_KINDS.filter((kind) => DIRECTIONS[kind].includes(direction));
}

/** Whether a route or a setting changes in one of these ways. */
export function hasKind({ routes, settings }: PolicyDifference, kinds: readonly AnyChangeKind[]): boolean {
  return [...routes, ...settings].some(({ kind }) => kinds.includes(kind));
}

/**
 * Whether someone loses something: a request that was permitted, or trust. While both policies are live, a caller can
 * choose the old one.
 */
export function closesSomething(difference: PolicyDifference): boolean {
  return hasKind(difference, kindsFailing("tighter")) || difference.clients.some(({ lost }) => lost.length > 0);
}
