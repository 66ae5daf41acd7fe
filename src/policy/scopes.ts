import type { Scope, ScopeTable } from "./policy.ts";

/**
 * The table of the declared scopes.
 *
 * @param scopes all declared scopes, in the order of the file
 */
export function scopeTable(scopes: readonly Scope[]): ScopeTable {
  return {
    byFullName: new Map(scopes.map((scope) => [scope.fullName, scope])),
    byShortName: Map.groupBy(scopes, ({ shortName }) => shortName),
  };
}

/** The granted scopes, by full name, with all scopes that they imply. A name that is not declared stays and implies none. */
export function withImplied(table: ScopeTable, granted: Iterable<string>): ReadonlySet<string> {
  const all = new Set(granted);
  for (const name of [...all]) {
    for (const implied of table.byFullName.get(name)?.implies ?? []) all.add(implied);
  }
  return all;
}
