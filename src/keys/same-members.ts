/** Whether two sets hold the same values. */
export function haveSameMembers<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  return a.size === b.size && Array.from(a).every((value) => b.has(value));
}
