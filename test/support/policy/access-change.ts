/**
 * What `diff` should say of one call, from what was and is permitted without a token and with each set of scopes. An
 * empty list: no route serves it.
 */
export function accessChange(before: readonly boolean[], after: readonly boolean[]): string | undefined {
  const [wasPublic, isPublic] = [before[0] ?? false, after[0] ?? false];
  if (isPublic) return wasPublic ? undefined : "opened";
  if (before.length === 0) return after.length === 0 ? undefined : "added";
  if (after.length === 0) return "removed";
  const isLooser = after.some((may, at) => may && !before[at]);
  const isTighter = before.some((might, at) => might && !after[at]);
  if (isLooser) return isTighter ? "incomparable" : "looser";
  return isTighter ? "tighter" : undefined;
}
