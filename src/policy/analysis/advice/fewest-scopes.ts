import { MAX_FORMULA_STEPS, MAX_SCOPE_SETS } from "../../../limits.ts";

/** The ways to meet one need: the scopes of any one of them are enough. Full names. */
export type Ways = readonly (readonly string[])[];

/** The sets that meet all needs with the fewest scopes. The scopes that they imply are counted in. */
export interface FewestScopes {
  /** Full names. No scope of a set can be left out. Empty: there is none. */
  readonly sets: readonly (readonly string[])[];
  /** `false`: the search gave up. The one set that is listed is enough, and a set with fewer scopes may exist. */
  readonly isExact: boolean;
  /** `false`: there are more sets with as few scopes than are listed. */
  readonly isComplete: boolean;
}

/** What counts when scopes meet a need. */
export interface ScopeRules {
  /** The scope and all that it implies, as far as they count. */
  readonly effectiveOf: (scope: string) => ReadonlySet<string>;
  /** Whether the scopes that others imply meet needs, too. Otherwise the ways spell this out. */
  readonly countsImplied: boolean;
}

/**
 * Finds the sets with the fewest scopes, by branch and bound: it settles one need after the other, the cheapest way
 * first, and leaves a branch that cannot have as few scopes as the best set so far.
 *
 * Gives up after `MAX_FORMULA_STEPS` steps, and lists at most `MAX_SCOPE_SETS` sets.
 */
export function fewestScopes(needs: readonly Ways[], rules: ScopeRules): FewestScopes {
  if (needs.some(({ length }) => length === 0)) return { sets: [], isExact: true, isComplete: true };
  const search = new Search(needs, rules);
  const isExact = search.run();
  const reduced = search.found.map((set) => withoutUnneeded(set, needs, rules));
  const byText = new Map(reduced.map((set) => [[...set].sort().join("\n"), set]));
  const sets = [...byText.values()].sort((one, other) => one.length - other.length);
  return isExact
    ? { sets, isExact, isComplete: !search.hasMore }
    : { sets: sets.slice(0, 1), isExact, isComplete: false };
}

/** Scopes chosen so far, and the needs that they do not meet. */
interface Branch {
  readonly chosen: ReadonlySet<string>;
  readonly effective: ReadonlySet<string>;
  readonly open: readonly Ways[];
}

/** Looking at so many ways costs as much as one step. */
const WAYS_PER_STEP = 8;

class Search {
  /** The best sets so far, all with as many effective scopes. */
  found: ReadonlySet<string>[] = [];
  /** Whether there are more of them than are kept. */
  hasMore = false;
  readonly #needs: readonly Ways[];
  readonly #rules: ScopeRules;
  /** The scopes of each way, with all that they imply. */
  readonly #costs: ReadonlyMap<readonly string[], ReadonlySet<string>>;
  readonly #seen = new Set<string>();
  #fewest = Number.POSITIVE_INFINITY;
  #stepsLeft = MAX_FORMULA_STEPS;

  constructor(needs: readonly Ways[], rules: ScopeRules) {
    this.#needs = needs;
    this.#rules = rules;
    this.#costs = new Map(
      needs.flat().map((way) => [way, new Set(way.flatMap((scope) => [...rules.effectiveOf(scope)]))]),
    );
  }

  /** Returns whether the search came to its end. It finds a set in any case. */
  run(): boolean {
    const forced = this.#needs.flatMap((ways) => (ways.length === 1 ? ways : []));
    const branches = [this.#with({ chosen: new Set(), effective: new Set(), open: this.#needs }, forced.flat())];
    for (let branch = branches.pop(); branch; branch = branches.pop()) {
      if (this.#stepsLeft < 0 && this.found.length > 0) return false;
      // Pushed in reverse, so that the cheapest way is tried first.
      branches.push(...this.#next(branch).toReversed());
    }
    return true;
  }

  #next(branch: Branch): readonly Branch[] {
    const { chosen, effective, open } = branch;
    this.#stepsLeft -= 1 + open.reduce((sum, { length }) => sum + length, 0) / WAYS_PER_STEP;
    if (this.#isTooMany(effective.size + this.#leastMore(branch))) return [];
    const key = [...chosen].sort().join("\n");
    if (this.#seen.has(key)) return [];
    this.#seen.add(key);
    const [need] = open.toSorted((one, other) => one.length - other.length);
    if (need !== undefined) {
      return need.map((way) => this.#with(branch, way)).sort((one, other) => one.effective.size - other.effective.size);
    }
    if (effective.size < this.#fewest) {
      this.found = [];
      this.hasMore = false;
      this.#fewest = effective.size;
    }
    if (this.found.length < MAX_SCOPE_SETS) this.found.push(chosen);
    else this.hasMore = true;
    return [];
  }

  /** Once there are more sets than are listed, only smaller ones are worth a search. */
  #isTooMany(scopes: number): boolean {
    return this.hasMore ? scopes >= this.#fewest : scopes > this.#fewest;
  }

  #with({ chosen, effective, open }: Branch, scopes: readonly string[]): Branch {
    const more = new Set([...chosen, ...scopes]);
    const all = new Set(effective);
    for (const scope of scopes) for (const name of this.#rules.effectiveOf(scope)) all.add(name);
    const held = this.#rules.countsImplied ? all : more;
    return { chosen: more, effective: all, open: open.filter((ways) => !isMet(ways, held)) };
  }

  /** A number of scopes that the open needs cost at least: the sum over needs whose ways have nothing in common. */
  #leastMore({ effective, open }: Branch): number {
    const counted = new Set<string>();
    let sum = 0;
    for (const ways of open) {
      const more = ways.map((way) => (this.#costs.get(way) ?? NONE).difference(effective));
      if (!more.every((scopes) => scopes.isDisjointFrom(counted))) continue;
      for (const scopes of more) for (const scope of scopes) counted.add(scope);
      sum += Math.min(...more.map(({ size }) => size));
    }
    return sum;
  }
}

const NONE: ReadonlySet<string> = new Set();

function isMet(ways: Ways, held: ReadonlySet<string>): boolean {
  return ways.some((way) => way.every((scope) => held.has(scope)));
}

/** Removes scopes, one by one, as long as the rest meets all needs. */
function withoutUnneeded(
  set: ReadonlySet<string>,
  needs: readonly Ways[],
  { effectiveOf, countsImplied }: ScopeRules,
): readonly string[] {
  const left = new Set(set);
  for (const scope of set) {
    left.delete(scope);
    const held = countsImplied ? new Set([...left].flatMap((name) => [...effectiveOf(name)])) : left;
    if (!needs.every((ways) => isMet(ways, held))) left.add(scope);
  }
  return [...left];
}
