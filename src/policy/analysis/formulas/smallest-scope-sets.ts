import type { ScopeExpression, ScopeTable } from "../../policy.ts";
import { withImplied } from "../../scopes.ts";
import { UndecidedError } from "../undecided-error.ts";
import { ChangingGrant } from "./changing-grant.ts";
import { type Formula, minimalSets, onlyGranting } from "./formula.ts";
import { smallestSets } from "./smallest-sets.ts";
import { withAtoms } from "./with-atoms.ts";

/** The smallest grants with which a caller meets an expression. */
export interface SmallestScopeSets {
  /**
   * Full names; sets with fewer scopes come first. With implied scopes counted in, no set grants all that another does.
   */
  readonly sets: readonly ReadonlySet<string>[];
  /** `false`: there are too many to list, so only one is listed. */
  readonly complete: boolean;
}

/**
 * Finds the smallest sets of scopes that meet an expression. A set is left out if another set grants less and is
 * enough: if `write` implies `read`, then `read` is enough for reading, and `write` is not listed. Atoms of conditions
 * are among the scopes.
 *
 * @param isGrantable which scopes the sets may have; default: all
 */
export function smallestScopeSets(
  expression: ScopeExpression,
  table: ScopeTable,
  isGrantable?: (scope: string) => boolean,
): SmallestScopeSets {
  const formula = isGrantable ? onlyGranting(withAtoms(expression), isGrantable) : withAtoms(expression);
  const { sets, complete } = sufficientSets(formula, table, isGrantable);
  const grant = new ChangingGrant(formula, table);
  // A minimal set can lose a scope only to scopes that the others imply.
  const isReduced = (set: readonly string[]): boolean =>
    complete && set.every((name) => !table.byFullName.get(name)?.implies.length);
  const reduced = sets.map((set) => (isReduced(set) ? new Set(set) : withoutUnneeded(set, grant)));
  // If two sets grant the same, only the first is kept.
  const kept = smallestSets(reduced.map((set) => withImplied(table, set)));
  const inOrder = kept.toSorted((one, other) => one - other).flatMap((at) => reduced[at] ?? []);
  return { sets: inOrder.sort((one, other) => one.size - other.size), complete };
}

function sufficientSets(expression: Formula, table: ScopeTable, isGrantable: (scope: string) => boolean = () => true) {
  try {
    return { sets: minimalSets(expression), complete: true };
  } catch (error) {
    if (!(error instanceof UndecidedError)) throw error;
    return { sets: [[...table.byFullName.keys()].filter(isGrantable)], complete: false };
  }
}

/** Removes scopes, one by one, as long as the rest is enough. The grant is empty before and after. */
function withoutUnneeded(set: readonly string[], grant: ChangingGrant): ReadonlySet<string> {
  for (const name of set) grant.add(name);
  const kept = new Set(set);
  for (const name of set) {
    grant.remove(name);
    if (grant.isEnough) kept.delete(name);
    else grant.add(name);
  }
  for (const name of kept) grant.remove(name);
  return kept;
}
