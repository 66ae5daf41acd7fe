import type { Policy, Revocation } from "../../../policy.ts";
import { type Comparers, compareLarger, compareMembers } from "./comparers.ts";
import type { Note } from "./setting-change.ts";

/** Compares how revoked tokens are refused. A revoked token that is accepted for longer is trust gained. */
export function diffRevocation(
  { revocation: was }: Pick<Policy, "revocation">,
  { revocation: is }: Pick<Policy, "revocation">,
  note: Note,
): void {
  if (was && is) {
    compareMembers(was, is, REVOCATION, (member, kind, message) => note(kind, ["revocation", member], message));
  } else if (was) note("looser", ["revocation"], "Revoked tokens are no longer refused.");
  else if (is) note("tighter", ["revocation"], "Revoked tokens are now refused.");
}

const REVOCATION: Comparers<Revocation> = {
  refreshSeconds: compareLarger,
  maxStaleSeconds: compareLarger,
  onStale(was, is, note) {
    if (was === is) return;
    if (is === "serve") note("looser", "Tokens are now accepted although the list of revocations is too old.");
    else note("tighter", "Tokens are now refused when the list of revocations is too old.");
  },
};
