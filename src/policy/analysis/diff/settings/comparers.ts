import type { SettingChange } from "./setting-change.ts";

/**
 * Why a member has no comparer of its own. `identity`: two things are only compared if they have the same. `elsewhere`:
 * the comparer of another member reads it, or the comparison of requests does. `no-effect`: it changes nothing that the
 * policy does.
 */
export type NotCompared = "identity" | "elsewhere" | "no-effect";

/** Notes a change of one member. */
export type MemberNote = (kind: SettingChange["kind"], message: string) => void;

/**
 * How each member of a thing is compared. The type has every member of the thing, so a new one does not compile until
 * its author decides how the diff treats it.
 */
export type Comparers<Thing> = {
  readonly [Member in keyof Thing]-?:
    | ((before: Thing[Member], after: Thing[Member], note: MemberNote) => void)
    | NotCompared;
};

/** Compares numbers the larger of which accepts more, such as how long something counts. */
export function compareLarger(was: number, is: number, note: MemberNote): void {
  if (was !== is) note(is > was ? "looser" : "tighter", `Changed from ${was} to ${is}.`);
}

/** Compares two things member by member, in the order of `comparers`. */
export function compareMembers<Thing>(
  before: Thing,
  after: Thing,
  comparers: Comparers<Thing>,
  note: (member: keyof Thing, ...change: Parameters<MemberNote>) => void,
): void {
  for (const member of Object.keys(comparers) as (keyof Thing)[]) {
    const compare = comparers[member];
    if (typeof compare === "function") compare(before[member], after[member], (...change) => note(member, ...change));
  }
}
