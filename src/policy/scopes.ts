import type { Scope, ScopeTable } from "./policy.ts";

/** @param scopes every declared one, in the order of the file */
export function scopeTable(scopes: readonly Scope[]): ScopeTable {
  return {
    byFullName: new Map(scopes.map((scope) => [scope.fullName, scope])),
    byShortName: Map.groupBy(scopes, ({ shortName }) => shortName),
  };
}

/** The granted scopes, by full name, and all that they imply. */
export function withImplied(table: ScopeTable, granted: Iterable<string>): ReadonlySet<string> {
  const all = new Set(granted);
  for (const name of [...all]) {
    for (const implied of table.byFullName.get(name)?.implies ?? []) all.add(implied);
  }
  return all;
}
