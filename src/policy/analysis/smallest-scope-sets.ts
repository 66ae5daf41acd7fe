import { meets } from "../authorize.ts";
import type { ScopeExpression, ScopeTable } from "../policy.ts";
import { withImplied } from "../scopes.ts";
import { minimalSets } from "./formula.ts";
import { UndecidedError } from "./undecided-error.ts";

/** What a caller could have been granted to meet an expression, and not a scope more. */
export interface SmallestScopeSets {
  /** Full names, those with the fewest scopes first. None grants, with what it implies, all that another one does. */
  readonly sets: readonly ReadonlySet<string>[];
  /** `false`: there are more, too many to be of use to anybody; one is named. */
  readonly complete: boolean;
}

/**
 * The smallest sets of scopes that meet an expression. A set is left out if another grants less and still suffices:
 * where `write` implies `read`, reading needs `read`, and `write` is not named.
 */
export function smallestScopeSets(expression: ScopeExpression, table: ScopeTable): SmallestScopeSets {
  const { sets, complete } = sufficientSets(expression, table);
  const reduced = sets.map((set) => {
    const smallest = withoutNeedless(set, expression, table);
    return { set: smallest, all: withImplied(table, smallest) };
  });
  // Of two that grant the same, the earlier one stays.
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

function withoutNeedless(set: readonly string[], expression: ScopeExpression, table: ScopeTable): ReadonlySet<string> {
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
