/**
 * Whether a value is nested deeper than a number of levels. `[]` has one level, a string has none. Goes through the
 * value level by level, without recursion, so it takes any value. It looks at a shared part once for each level, so
 * that the aliases of YAML cost nothing more.
 */
export function isNestedDeeper(value: unknown, levels: number): boolean {
  let level = new Set([value].filter(isHolder));
  for (let depth = 1; level.size > 0; depth += 1) {
    if (depth > levels) return true;
    const next = new Set<object>();
    for (const holder of level) {
      for (const member of Object.values(holder)) if (isHolder(member)) next.add(member);
    }
    level = next;
  }
  return false;
}

function isHolder(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
