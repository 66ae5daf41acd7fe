import { MAX_PATH_STEPS } from "../../../limits.ts";
import { AlikeLeaves } from "./alike-leaves.ts";
import { AlikePaths } from "./alike-paths.ts";
import { FoundClasses, type TellingSegments } from "./found-classes.ts";
import { overlapError } from "./overlap-error.ts";
import { type Ending, FoundClass, type PathClass } from "./path-class.ts";
import { advance, type Front, isSettled, isSpent, type Node, rootFront, type Step } from "./path-front.ts";
import type { NextPlace, Place } from "./path-place.ts";
import type { PathTree } from "./path-tree.ts";
import { after, afterParameter, eachLiteral, firstOf, missingIn, type Own } from "./pattern-members.ts";
import { nextPick, Picks } from "./picks.ts";

/** The same tuple, with the type of its leaves in place of each tree. */
export type LeavesOf<Trees extends readonly PathTree<unknown>[]> = {
  readonly [At in keyof Trees]: Trees[At] extends PathTree<infer Leaf> ? Leaf | undefined : never;
};

/** How `pathClasses` looks for classes. */
export interface WalkOptions<Selections> {
  /**
   * Trees of selections: all leaves of one are the same, so it does not matter which pattern matches. Default: none.
   */
  readonly selections?: Selections;
  /** A class is returned only if each of the first `needed` trees matches it, routes before selections. Default: 0. */
  readonly needed?: number;
  /** Every path begins with one of these segments. Then all steps count. Default: a path begins with any segment. */
  readonly first?: ReadonlySet<string> | undefined;
  /** Most steps with a pick or in a wildcard. */
  readonly maxSteps?: number;
  /**
   * The segments of a leaf's paths whose text matters. Paths that differ there, because one of them has a literal, are
   * in different classes. Default: none.
   */
  readonly tellingSegments?: TellingSegments | undefined;
  /** At least so many classes that differ in one picked literal are returned as one. Default: none are. */
  readonly leastAlike?: number | undefined;
}

/**
 * Finds every class of paths that some tree of routes matches, shortest paths first. It follows the matching rule of
 * `match`. Leaves differ if they are not the same object. No path has path parameters (`;`), because `match` ignores
 * them. Conditions do not: see `segment-variants.ts`.
 *
 * The walk follows one pattern after the other. Where the pattern has a literal, so has the path. Everywhere else the
 * path has a segment that no pattern has as a literal, or it picks a literal that could change which leaf another tree
 * or a selection finds. `docs/decisions/0011-proofs-follow-patterns.md` says why no class is missed, and what it costs.
 *
 * @throws UndecidedError `too-many-path-classes`, after `maxSteps` steps
 */
export function* pathClasses<
  const Routes extends readonly PathTree<unknown>[],
  const Selections extends readonly PathTree<unknown>[] = [],
>(
  routes: Routes,
  {
    selections,
    needed = 0,
    first,
    maxSteps = MAX_PATH_STEPS,
    leastAlike,
    tellingSegments,
  }: WalkOptions<Selections> = {},
): Generator<PathClass<LeavesOf<[...Routes, ...Selections]>>, void, undefined> {
  const walk = new Walk(routes, selections ?? [], needed, first, maxSteps, leastAlike, tellingSegments);
  yield* walk.run() as Generator<PathClass<LeavesOf<[...Routes, ...Selections]>>, void, undefined>;
}

class Walk {
  readonly #routes: readonly Node[];
  readonly #selections: readonly Node[];
  readonly #needed: number;
  readonly #first: ReadonlySet<string> | undefined;
  readonly #maxSteps: number;
  readonly #picks: Picks;
  readonly #alike: AlikePaths | undefined;
  readonly #missingIn: (own: Own) => number;
  readonly #found: FoundClasses;
  #next: NextPlace[] = [];
  #steps = 0;

  constructor(
    routes: readonly Node[],
    selections: readonly Node[],
    needed: number,
    first: ReadonlySet<string> | undefined,
    maxSteps: number,
    leastAlike: number | undefined,
    tellingSegments: TellingSegments | undefined,
  ) {
    this.#routes = routes;
    this.#selections = selections;
    this.#needed = needed;
    this.#first = first;
    this.#maxSteps = maxSteps;
    this.#picks = new Picks(routes.length, needed);
    // A selection has one leaf only, so a group of its literals would not differ in their leaves.
    if (leastAlike !== undefined && selections.length === 0) this.#alike = new AlikePaths(leastAlike);
    this.#found = new FoundClasses(routes.length, tellingSegments);
    this.#missingIn = missingIn(routes);
  }

  /** Breadth first, so that the first path found for each class is one of its shortest. */
  *run(): Generator<PathClass<readonly unknown[]>, void, undefined> {
    const all = [...this.#routes, ...this.#selections];
    const root: Place = {
      trail: { from: undefined, segment: "", isFresh: false, kind: "literal", alike: undefined },
      own: this.#routes,
      missing: this.#missingIn(this.#routes),
      fronts: all.map((tree, at) => rootFront(tree, this.#picks.isSelection(at))),
      picks: 0,
    };
    yield* this.#classesAt(root, "leaf");
    this.#leave(root);
    while (this.#next.length > 0) {
      const level = this.#next.reverse();
      this.#next = [];
      const slashes: Place[] = [];
      // A level may be most of the tree. Places are dropped as they are entered, so two levels are never in memory
      // whole.
      for (let next = level.pop(); next !== undefined; next = level.pop()) {
        const place = this.#enter(next);
        if (place === undefined) continue;
        yield* this.#classesAt(place, "leaf");
        if (endsHere(place, "slash")) slashes.push(place);
        this.#leave(place);
      }
      for (const place of slashes) yield* this.#classesAt(place, "slash");
    }
  }

  *#classesAt(place: Place, ending: Ending): Generator<PathClass<readonly unknown[]>, void, undefined> {
    if (!endsHere(place, ending)) return;
    const leaves: unknown[] = [];
    let alike: number | undefined;
    for (const [at, front] of place.fronts.entries()) {
      const { leaf } = ending === "leaf" ? front.here : front.slash;
      if (leaf === undefined && at < this.#needed) return;
      if (leaf instanceof AlikeLeaves) alike = at;
      leaves.push(leaf);
    }
    if (this.#found.add(leaves, place.trail)) yield new FoundClass(place.trail, ending, leaves, alike);
  }

  #leave(place: Place): void {
    const { own, fronts, trail } = place;
    const { kind } = trail;
    if (fronts.slice(0, this.#needed).some(isSpent)) return;
    const literals = this.#literalsAfter(place);
    const go = (step: Step, inner: Own, missing: number, segment: string) => {
      // The steps without picks are as many as the nodes of the trees.
      if (this.#first || kind === "wildcard" || place.picks !== 0 || step.pick !== 0) this.#steps += 1;
      if (this.#steps > this.#maxSteps) throw overlapError(this.#maxSteps, this.#next);
      this.#next.push({ from: place, step, own: inner, missing, segment });
    };
    if (kind === "wildcard") {
      if (!fronts.every(isSettled)) this.#follow(place, "wildcard", own, place.missing, literals, go);
      return;
    }
    const goBy = (literal: string, inner: Own): void => {
      if (firstOf(inner)) go({ kind: "literal", literal, pick: 0 }, inner, this.#missingIn(inner), literal);
    };
    if (literals === undefined) eachLiteral(own, goBy);
    else for (const literal of literals) goBy(literal, after(own, literal));
    const inner = afterParameter(own);
    if (firstOf(inner)) this.#follow(place, "parameter", inner, this.#missingIn(inner), literals, go);
    if (own.some((node) => node?.wildcard !== undefined)) {
      const missing = own.reduce((bits, node, at) => (node?.wildcard === undefined ? bits | (1 << at) : bits), 0);
      this.#follow(
        place,
        "wildcard",
        own.map(() => undefined),
        missing,
        literals,
        go,
      );
    }
  }

  /**
   * Goes on by a segment for which the pattern has no literal: each pick that matters, and one segment that is no
   * literal.
   */
  #follow(
    place: Place,
    kind: Step["kind"],
    own: Own,
    missing: number,
    only: Iterable<string> | undefined,
    go: (step: Step, own: Own, missing: number, segment: string) => void,
  ): void {
    // A first segment that must be there is needed, whether or not some leaf depends on it.
    const pick = this.#first && place.trail.from === undefined ? 0 : nextPick(place.picks);
    const alike = only === undefined ? this.#alike?.picksAt(place, missing) : undefined;
    for (const group of alike?.groups ?? []) {
      const [literal = ""] = group.literals;
      go({ kind, literal, pick, alike: group }, own, missing, literal);
    }
    for (const literal of only ?? alike?.others ?? this.#picks.choices(place, missing))
      go({ kind, literal, pick }, own, missing, literal);
    if (only === undefined) go({ kind, literal: undefined, pick: 0 }, own, missing, freshSegment(place.fronts));
  }

  #literalsAfter(place: Place): ReadonlySet<string> | undefined {
    const literals = this.#picks.onlyLiterals(place);
    if (this.#first === undefined || place.trail.from !== undefined) return literals;
    return literals?.intersection(this.#first) ?? this.#first;
  }

  #enter({ from, step, own, missing, segment }: NextPlace): Place | undefined {
    const fronts: Front[] = [];
    for (const [at, before] of from.fronts.entries()) {
      const front = advance(before, from.own[at], step, this.#picks.isSelection(at));
      if (front === undefined) return undefined;
      fronts.push(front);
    }
    const picks = from.picks | step.pick;
    if (picks !== 0 && !this.#picks.areAllNeeded(picks, fronts, missing)) return undefined;
    const isFresh = step.literal === undefined;
    const trail = { from: from.trail, segment, isFresh, kind: step.kind, alike: step.alike ?? from.trail.alike };
    return { trail, own, missing, fronts, picks };
  }
}

/** Whether a pattern of the place ends there, with or without a trailing slash. */
function endsHere({ own, trail }: Place, ending: Ending): boolean {
  return trail.kind === "wildcard" || own.some((node) => node?.[ending] !== undefined);
}

/** A segment that is not one of the literals. */
function freshSegment(fronts: readonly Front[]): string {
  for (let attempt = 0; ; attempt++) {
    const segment = attempt === 0 ? "x" : `x${attempt}`;
    if (!fronts.some(({ nodes }) => nodes.some((node) => node.literals.has(segment)))) return segment;
  }
}
