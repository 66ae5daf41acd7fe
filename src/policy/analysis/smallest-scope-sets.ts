import { meets } from "../authorize.ts";
import type { ScopeExpression, ScopeTable } from "../policy.ts";
import { withImplied } from "../scopes.ts";
import { minimalSets } from "./formula.ts";
import { UndecidedError } from "./undecided-error.ts";

/** The smallest grants with which a caller meets an expression. */
export interface SmallestScopeSets {
  /** Full names; sets with fewer scopes come first. With implied scopes counted in, no set grants all that another does. */
  readonly sets: readonly ReadonlySet<string>[];
  /** `false`: there are too many to list, so only one is listed. */
  readonly complete: boolean;
}

/**
 * Finds the smallest sets of scopes that meet an expression. A set is left out if another set grants less and is enough:
 * if `write` implies `read`, then `read` is enough for reading, and `write` is not listed.
 */
export function smallestScopeSets(expression: ScopeExpression, table: ScopeTable): SmallestScopeSets {
  const { sets, complete } = sufficientSets(expression, table);
  const reduced = sets.map((set) => {
    const smallest = withoutUnneeded(set, expression, table);
    return { set: smallest, all: withImplied(table, smallest) };
  });
  // If two sets grant the same, only the first is kept.
  const kept = reduced.filter(
    ({ all }, index) =>
      !reduced.some((it, at) => at !== index && isSubset(it.all, all) && (it.all.size < all.size || at < index)),
  );
  return { sets: kept.map(({ set }) => set).sort((a, b) => a.size - b.size), complete };
}

function sufficientSets(expression: ScopeExpression, table: ScopeTable) {
  try {
    return { sets: minimalSets(expression), complete: true };
  } catch (error) {
    if (!(error instanceof UndecidedError)) throw error;
    return { sets: [[...table.byFullName.keys()]], complete: false };
  }
}

function withoutUnneeded(set: readonly string[], expression: ScopeExpression, table: ScopeTable): ReadonlySet<string> {
  const kept = new Set(set);
  for (const name of set) {
    kept.delete(name);
    if (!meets(expression, withImplied(table, kept))) kept.add(name);
  }
  return kept;
}

function isSubset(smaller: ReadonlySet<string>, set: ReadonlySet<string>): boolean {
  if (smaller.size > set.size) return false;
  for (const name of smaller) if (!set.has(name)) return false;
  return true;
}
