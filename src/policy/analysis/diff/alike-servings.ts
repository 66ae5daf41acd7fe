import { admitsAnyone } from "../../authorize.ts";
import type { Upstream } from "../../policy.ts";
import { type ClientHolder, mayCall } from "../client-access.ts";
import type { Access } from "../formulas/access.ts";
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
 * The routes of one policy that serve alike requests, such as those of GET to `/x/orders`, `/x/invoices` and so on,
 * where one route of the other policy serves them all. What depends on this side only is worked out once.
 */
export class AlikeServings {
  /**
   * In the order of the literals in which their paths differ. All upstreams let through the same variants: see
   * `CallVariants`.
   */
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
  /** `#byAccess`, by the origins on which scopes decide. */
  readonly #byOrigins: readonly AlikePlaces[];
  readonly #splits = new Map<ClientHolder | undefined, Split>();

  constructor(members: readonly Serving[], isBefore: boolean) {
    this.members = members;
    this.isBefore = isBefore;
    const upstreams = new Ids<Upstream>();
    const accesses = new Ids<Access>();
    this.byDelivery = distinct(members, ({ route }) => upstreams.of(route.upstream) * 3 + reading(route));
    this.#byAccess = distinct(members, ({ route, access }) => accesses.of(access) * 3 + reading(route));
    const byOrigins = new Map<string, { readonly places: Set<number>; count: number }>();
    for (const [at, { first, count }] of this.#byAccess.entries()) {
      const decided = members[first]?.access.map(decidedFor).join() ?? "";
      const alike = byOrigins.get(decided) ?? { places: new Set(), count: 0 };
      alike.places.add(at);
      alike.count += count;
      byOrigins.set(decided, alike);
      const names = scopesOf(members[first]?.access);
      if (names.size === 0) this.#constant.push(at);
      for (const name of names) {
        const others = this.#mentioning.get(name) ?? [];
        others.push(at);
        this.#mentioning.set(name, others);
      }
    }
    this.#byOrigins = [...byOrigins.values()];
  }

  /**
   * The members, by how their requirement compares with another one. Those that have no scope in common with it, and
   * that let scopes decide on the same origins, are together: neither requirement implies the other there, so what is
   * true of the first is true of all of them.
   */
  byAccessBeside({ access }: Serving): readonly AlikeMembers[] {
    const names = scopesOf(access);
    if (names.size === 0) return this.#byAccess;
    const near = new Set(this.#constant);
    for (const name of names) for (const at of this.#mentioning.get(name) ?? []) near.add(at);
    const far = this.#byOrigins.map((alike) => this.#without(near, alike));
    return [...Array.from(near, (at) => this.#byAccess[at] ?? NONE), ...far].filter(({ count }) => count > 0);
  }

  /** @param holder what a token gives its holder; `undefined`: there is no valid token */
  splitFor(holder: ClientHolder | undefined): Split {
    const known = this.#splits.get(holder);
    if (known) return known;
    const [may, not]: [number[], number[]] = [[], []];
    for (const [index, { route }] of this.members.entries()) {
      (mayCall(route.requirement, holder) ? may : not).push(index);
    }
    this.#splits.set(holder, { may, not });
    return { may, not };
  }

  #without(near: ReadonlySet<number>, { places, count: all }: AlikePlaces): AlikeMembers {
    let count = all;
    for (const at of near) if (places.has(at)) count -= this.#byAccess[at]?.count ?? 0;
    for (const at of places) if (!near.has(at)) return { first: this.#byAccess[at]?.first ?? 0, count };
    return NONE;
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

/** Members for which scopes decide on the same origins. */
interface AlikePlaces {
  /** Their places in `#byAccess`. */
  readonly places: ReadonlySet<number>;
  readonly count: number;
}

/** What a formula says of all tokens of its origin; empty if scopes decide. Only a whole formula is a constant. */
function decidedFor(formula: Formula): string {
  return formula.kind === "scope" || formula.of.length > 0 ? "" : formula.kind;
}

/** By the formulas, which never change. */
const known = new WeakMap<Access, Set<string>>();

/** The scopes that formulas mention. Recurses once for each nested group, of which the file limits the number. */
function scopesOf(access: Access | undefined): ReadonlySet<string> {
  const names = (access && known.get(access)) ?? new Set<string>();
  if (access === undefined || known.has(access)) return names;
  const collect = (part: Formula): void => {
    if (part.kind === "scope") names.add(part.name);
    else for (const inner of part.of) collect(inner);
  };
  for (const formula of access) collect(formula);
  known.set(access, names);
  return names;
}
