import { admits, admitsAnyone, type Holder } from "../../authorize.ts";
import type { Upstream } from "../../policy.ts";
import type { Formula } from "../formulas/formula.ts";
import type { Serving } from "./class-call.ts";

/** Members that are alike in some way: how many there are, and the index of the first. */
export interface AlikeMembers {
  readonly first: number;
  readonly count: number;
}

/** Indices of the members that a token may call, and of the others. */
export interface Split {
  readonly may: readonly number[];
  readonly not: readonly number[];
}

/**
 * The routes of one policy that serve alike requests, such as those of GET to `/x/orders`, `/x/invoices` and so on, where
 * one route of the other policy serves them all. What depends on this side only is worked out once.
 */
export class AlikeServings {
  /** In the order of the literals in which their paths differ. All upstreams let through the same variants: see `callVariants`. */
  readonly members: readonly Serving[];
  /** Whether they are routes of the old policy. */
  readonly isBefore: boolean;
  /** Those that differ in the upstream, or in whether the gateway reads a token. */
  readonly byDelivery: readonly AlikeMembers[];
  readonly #byAccess: readonly AlikeMembers[];
  /** Where `#byAccess` has requirements that mention a scope. */
  readonly #mentioning = new Map<string, number[]>();
  /** Where it has those that mention no scope. */
  readonly #constant: number[] = [];
  readonly #splits = new Map<Holder | undefined, Split>();

  constructor(members: readonly Serving[], isBefore: boolean) {
    this.members = members;
    this.isBefore = isBefore;
    const upstreams = new Ids<Upstream>();
    const formulas = new Ids<Formula>();
    this.byDelivery = distinct(members, ({ route }) => upstreams.of(route.upstream) * 3 + reading(route));
    this.#byAccess = distinct(members, ({ route, formula }) => formulas.of(formula) * 3 + reading(route));
    for (const [at, { first }] of this.#byAccess.entries()) {
      const names = scopesOf(members[first]?.formula);
      if (names.size === 0) this.#constant.push(at);
      for (const name of names) {
        const others = this.#mentioning.get(name) ?? [];
        others.push(at);
        this.#mentioning.set(name, others);
      }
    }
  }

  /**
   * The members, by how their requirement compares with another one. Those that have no scope in common with it are
   * together: neither requirement implies the other, so what is true of the first is true of all of them.
   */
  byAccessBeside({ formula }: Serving): readonly AlikeMembers[] {
    const names = scopesOf(formula);
    if (names.size === 0) return this.#byAccess;
    const near = new Set(this.#constant);
    for (const name of names) for (const at of this.#mentioning.get(name) ?? []) near.add(at);
    const far = this.#allExcept(near);
    return [...Array.from(near, (at) => this.#byAccess[at] ?? NONE), far].filter(({ count }) => count > 0);
  }

  /** @param holder what a token gives its holder; `undefined`: there is no valid token */
  splitFor(holder: Holder | undefined): Split {
    const known = this.#splits.get(holder);
    if (known) return known;
    const [may, not]: [number[], number[]] = [[], []];
    for (const [index, { route }] of this.members.entries()) {
      (admits(route.requirement, holder) ? may : not).push(index);
    }
    this.#splits.set(holder, { may, not });
    return { may, not };
  }

  #allExcept(near: ReadonlySet<number>): AlikeMembers {
    let count = this.members.length;
    for (const at of near) count -= this.#byAccess[at]?.count ?? 0;
    const first = this.#byAccess.find((_, at) => !near.has(at))?.first ?? 0;
    return { first, count };
  }
}

const NONE: AlikeMembers = { first: 0, count: 0 };

/** Whether the gateway reads a token, and whether the caller needs one, as a number from 0 to 2. */
function reading({ requirement }: Serving["route"]): number {
  if (requirement.kind === "public") return 0;
  return admitsAnyone(requirement) ? 1 : 2;
}

function distinct(members: readonly Serving[], keyOf: (member: Serving) => number): readonly AlikeMembers[] {
  const found = new Map<number, { readonly first: number; count: number }>();
  for (const [first, member] of members.entries()) {
    const key = keyOf(member);
    const known = found.get(key) ?? { first, count: 0 };
    known.count += 1;
    found.set(key, known);
  }
  return [...found.values()];
}

/** Numbers things in the order in which they are seen. */
class Ids<Thing> {
  readonly #ids = new Map<Thing, number>();

  of(thing: Thing): number {
    const id = this.#ids.get(thing) ?? this.#ids.size;
    this.#ids.set(thing, id);
    return id;
  }
}

/** By the formula, which never changes. */
const known = new WeakMap<Formula, Set<string>>();

/** The scopes that a formula mentions. Recurses once for each nested group, of which the file limits the number. */
function scopesOf(formula: Formula | undefined): ReadonlySet<string> {
  const names = (formula && known.get(formula)) ?? new Set<string>();
  if (formula === undefined || known.has(formula)) return names;
  const collect = (part: Formula): void => {
    if (part.kind === "scope") names.add(part.name);
    else for (const inner of part.of) collect(inner);
  };
  collect(formula);
  known.set(formula, names);
  return names;
}
