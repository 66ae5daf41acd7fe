import { type AnyChangeKind, kindsFailing } from "../../diff/change-kinds.ts";

/**
 * Who gains by a change. `opens`: callers, or others who are trusted. `closes`: nobody. `both`: some gain, others lose.
 */
export type Direction = "opens" | "closes" | "both" | "neither";

const [LOOSER, TIGHTER] = [kindsFailing("looser"), kindsFailing("tighter")];

/** The direction of a kind of change, as `diff --fail-on` counts it. */
export function directionOf(kind: AnyChangeKind): Direction {
  const [opens, closes] = [LOOSER.includes(kind), TIGHTER.includes(kind)];
  if (opens && closes) return "both";
  return opens ? "opens" : closes ? "closes" : "neither";
}

/** A sign for each direction, because not everybody sees colours. */
export const SIGNS: Readonly<Record<Direction, string>> = {
  opens: "\u25b2",
  closes: "\u25bc",
  both: "\u25c6",
  neither: "\u2022",
};

/** What each kind means, in one sentence. `docs/guides/diff.md` says more. */
export const MEANINGS: Readonly<Record<AnyChangeKind, string>> = {
  opened: "These requests now need no token.",
  looser: "More tokens are enough, or someone else gains trust.",
  incomparable: "Some callers gain by it, and others lose.",
  identity: "A header that tells upstreams who calls now gets its value from somewhere else.",
  "token-forwarding": "The upstream now gets the caller's access token.",
  moved: "Requests or clients are sent elsewhere.",
  added: "This is new, and opens nothing without a token.",
  tighter: "Fewer tokens are enough, or someone loses trust.",
  removed: "This no longer exists.",
  headers: "Upstreams or callers get other headers.",
  other: "This neither opens nor closes anything.",
};
