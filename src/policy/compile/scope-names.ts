import { MAX_NAME_COMPARISONS } from "../../limits.ts";
import { type FaultText, failure, type Result, success } from "../../result.ts";
import type { Scope, ScopeTable } from "../policy.ts";
import { closest } from "../suggestion.ts";

/** Why a scope name means no scope. */
export interface UnresolvedScope extends FaultText {
  /** `true`: no resource server declares the name. `false`: several do, so that it is ambiguous. */
  readonly undeclared: boolean;
}

/** Whether a text can be a scope token (RFC 6749 3.3) of a policy, where `*` is refused because it means a wildcard. */
export function isScopeToken(text: string): boolean {
  return /^[!#-)+-[\]-~]+$/.test(text);
}

/**
 * The declared scope that a name in the file means: a full name, or a short name that only one resource server
 * declares. Wildcards are not expanded.
 *
 * @param home identifier of the resource server whose scope a short name means if several declare it
 */
export function resolveScope(name: string, table: ScopeTable, home?: string): Result<Scope, UnresolvedScope> {
  const named = table.byShortName.get(name) ?? [];
  const scope = table.byFullName.get(name) ?? named.find(({ resourceServer }) => resourceServer === home) ?? named[0];
  if (scope === undefined) return undeclared(name, table);
  if (named.length < 2 || scope.fullName === name || scope.resourceServer === home) return success(scope);
  const candidates = named.map(({ fullName }) => `\`${fullName}\``).join(", ");
  return failure({
    undeclared: false,
    message: `${named.length} resource servers declare the scope \`${name}\`.`,
    hint: `Write the full name, one of ${candidates}.`,
  });
}

/** Whether `matchingScopes` must expand a name. No declared name contains a `*`. */
export function isWildcard(name: string): boolean {
  return name.includes("*");
}

/** The declared scopes whose short or full name a wildcard matches, in the order of the file. */
export function matchingScopes(wildcard: string, table: ScopeTable): readonly Scope[] {
  const pieces = wildcard.split("*");
  return [...table.byFullName.values()].filter(
    ({ fullName, shortName }) => fits(shortName, pieces) || fits(fullName, pieces),
  );
}

/**
 * Whether a name consists of these pieces, in this order, with any text between them. Linear, unlike a regular
 * expression.
 */
function fits(name: string, pieces: readonly string[]): boolean {
  const first = pieces[0] ?? "";
  const last = pieces.at(-1) ?? "";
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  const end = name.length - last.length;
  let from = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const at = name.indexOf(piece, from);
    if (at === -1 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return true;
}

/**
 * How often names were compared with those of a table. A file with ten thousand faults needs no suggestion for each.
 */
const comparisons = new WeakMap<ScopeTable, number>();

function undeclared(name: string, table: ScopeTable): Result<Scope, UnresolvedScope> {
  const made = comparisons.get(table) ?? 0;
  const isAffordable = made <= MAX_NAME_COMPARISONS;
  comparisons.set(table, made + table.byShortName.size + table.byFullName.size);
  const meant = isAffordable
    ? (closest(name, table.byShortName.keys()) ?? closest(name, table.byFullName.keys()))
    : undefined;
  const hint = meant === undefined ? "Declare it under a resource server." : `Did you mean \`${meant}\`?`;
  return failure({ undeclared: true, message: `The scope \`${name}\` is not declared.`, hint });
}
