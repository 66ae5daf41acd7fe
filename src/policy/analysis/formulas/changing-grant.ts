import type { Expression, ScopeLeaf, ScopeTable } from "../../policy.ts";

/**
 * Tells whether a grant meets an expression while scopes are added to the grant and removed. The answer is that of
 * `meets` for the granted scopes with all that they imply, and a test compares the two. A change costs as much as the
 * places of its scopes in the expression, and not as much as the expression.
 */
export class ChangingGrant {
  readonly #table: ScopeTable;
  /** The groups around each place of a scope, by full name. */
  readonly #places = new Map<string, Group[]>();
  /** How many granted scopes are or imply a scope. */
  readonly #counts = new Map<string, number>();
  readonly #whole: Group;

  constructor(expression: Expression<ScopeLeaf>, table: ScopeTable) {
    this.#table = table;
    this.#whole = { around: undefined, needed: 1, met: 0 };
    this.#enter(expression, this.#whole);
  }

  get isEnough(): boolean {
    return this.#whole.met >= this.#whole.needed;
  }

  /** Grants a scope, by its full name, that is not granted. */
  add(name: string): void {
    this.#change(name, 1);
  }

  /** Takes back a scope that was granted. */
  remove(name: string): void {
    this.#change(name, -1);
  }

  /** Recurses once for each nested group, of which `MAX_NESTED_GROUPS` bounds the number. */
  #enter(expression: Expression<ScopeLeaf>, around: Group): void {
    if (expression.kind === "scope") {
      const places = this.#places.get(expression.name) ?? [];
      places.push(around);
      this.#places.set(expression.name, places);
      return;
    }
    const needed = expression.kind === "anyOf" ? 1 : expression.of.length;
    const group: Group = { around, needed, met: 0 };
    for (const part of expression.of) this.#enter(part, group);
    // A group without parts that needs none is met from the start.
    if (needed === 0) update(around, 1);
  }

  #change(name: string, by: 1 | -1): void {
    for (const effective of new Set([name, ...(this.#table.byFullName.get(name)?.implies ?? [])])) {
      const count = (this.#counts.get(effective) ?? 0) + by;
      this.#counts.set(effective, count);
      // Only the first scope that grants it, and the last one, change anything.
      if (count !== (by === 1 ? 1 : 0)) continue;
      for (const group of this.#places.get(effective) ?? []) update(group, by);
    }
  }
}

/** A part of the expression that is met if enough of its own parts are. */
interface Group {
  readonly around: Group | undefined;
  readonly needed: number;
  met: number;
}

function update(from: Group, by: 1 | -1): void {
  for (let group: Group | undefined = from; group; group = group.around) {
    group.met += by;
    // The group around it notices only the change from too few to enough, and back.
    if (group.met !== (by === 1 ? group.needed : group.needed - 1)) return;
  }
}
