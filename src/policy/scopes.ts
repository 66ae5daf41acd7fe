import type { ResourceServer, Scope, ScopeTable } from "./policy.ts";

/**
 * The table of the declared scopes.
 *
 * @param scopes all declared scopes, in the order of the file
 */
export function scopeTable(scopes: readonly Scope[], resourceServers: Iterable<ResourceServer>): ScopeTable {
  const issuersOf = new Map<string, readonly string[]>();
  for (const { identifier, issuers } of resourceServers) if (issuers) issuersOf.set(identifier, issuers);
  return {
    byFullName: new Map(scopes.map((scope) => [scope.fullName, scope])),
    byShortName: Map.groupBy(scopes, ({ shortName }) => shortName),
    issuersOf,
  };
}

/**
 * Whether tokens of an issuer may grant a scope, by its full name: its resource server may name the issuers that can.
 * This keeps a partner's issuer from granting the scopes of other APIs. A name that is not declared grants nothing
 * anyway.
 *
 * @param issuer its name; `undefined`: an issuer that the policy does not have
 */
export function mayGrant({ byFullName, issuersOf }: ScopeTable, issuer: string | undefined, fullName: string): boolean {
  if (issuersOf.size === 0) return true;
  const issuers = issuersOf.get(byFullName.get(fullName)?.resourceServer ?? "");
  return issuers === undefined || (issuer !== undefined && issuers.includes(issuer));
}

/**
 * The granted scopes, by full name, with all scopes that they imply. A name that is not declared stays and implies
 * none.
 */
export function withImplied(table: ScopeTable, granted: Iterable<string>): ReadonlySet<string> {
  const all = new Set(granted);
  for (const name of [...all]) {
    for (const implied of table.byFullName.get(name)?.implies ?? []) all.add(implied);
  }
  return all;
}

/**
 * The scopes that a token gives its holder: the scopes that it grants and that its issuer may grant, with all that they
 * imply. What they imply is cut in the same way, so that no implication carries a token across the border.
 *
 * @param issuer as for `mayGrant`
 * @param granted full names
 */
export function effectiveScopes(
  table: ScopeTable,
  issuer: string | undefined,
  granted: Iterable<string>,
): ReadonlySet<string> {
  if (table.issuersOf.size === 0) return withImplied(table, granted);
  const isGrantable = (name: string): boolean => mayGrant(table, issuer, name);
  return new Set([...withImplied(table, [...granted].filter(isGrantable))].filter(isGrantable));
}
