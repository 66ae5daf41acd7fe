import type { Scope, ScopeTable } from "../policy.ts";
import { closest } from "../suggestion.ts";

/** What a written scope name stands for, or why it stands for nothing. */
export type ResolvedScope =
  | { readonly kind: "scope"; readonly scope: Scope }
  | {
      readonly kind: "fault";
      /** Whether no declaration fits, rather than too many. */
      readonly undeclared: boolean;
      readonly message: string;
      readonly hint: string;
    };

/**
 * The declared scope that a name in the file means: a full name, or a short one if only one resource server declares
 * it. `home`, a resource server's identifier, settles a short name that several declare. Wildcards are not expanded.
 */
export function resolveScope(name: string, table: ScopeTable, home?: string): ResolvedScope {
  const named = table.byShortName.get(name) ?? [];
  const scope = table.byFullName.get(name) ?? named.find(({ resourceServer }) => resourceServer === home) ?? named[0];
  if (scope === undefined) return undeclared(name, table);
  if (named.length < 2 || scope.fullName === name || scope.resourceServer === home) return { kind: "scope", scope };
  const candidates = named.map(({ fullName }) => `\`${fullName}\``).join(", ");
  return {
    kind: "fault",
    undeclared: false,
    message: `The scope \`${name}\` is declared by ${named.length} resource servers.`,
    hint: `Write the full name, one of ${candidates}.`,
  };
}

/** Whether a name has to be expanded by `matchingScopes`: no declared name holds a `*`. */
export function isWildcard(name: string): boolean {
  return name.includes("*");
}

/** The declared scopes whose short or full name fits a wildcard, in the order of the file. */
export function matchingScopes(wildcard: string, table: ScopeTable): readonly Scope[] {
  const pieces = wildcard.split("*");
  return [...table.byFullName.values()].filter(
    ({ fullName, shortName }) => fits(shortName, pieces) || fits(fullName, pieces),
  );
}

/** Whether the pieces stand in the name in this order with anything between them. Linear, as no regular expression is. */
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

function undeclared(name: string, table: ScopeTable): ResolvedScope {
  const meant = closest(name, table.byShortName.keys()) ?? closest(name, table.byFullName.keys());
  const hint = meant === undefined ? "Declare it under a resource server." : `Did you mean \`${meant}\`?`;
  return { kind: "fault", undeclared: true, message: `The scope \`${name}\` is not declared.`, hint };
}
