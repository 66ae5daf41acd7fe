import { MAX_PATH_STEPS } from "../../limits.ts";
import type { PathTree } from "./path-tree.ts";
import { UndecidedError } from "./undecided-error.ts";

/** All paths that lead to the same leaf in each of several trees. The trees treat them alike. */
export interface PathClass<Leaves> {
  /** One of the shortest of these paths, in canonical form. It is never one of the gateway's own paths. */
  readonly path: string;
  /** The leaf in each tree; `undefined`: no pattern of that tree matches. */
  readonly leaves: Leaves;
}

/** The same tuple, with the type of its leaves in place of each tree. */
type LeavesOf<Trees extends readonly PathTree<unknown>[]> = {
  readonly [At in keyof Trees]: Trees[At] extends PathTree<infer Leaf> ? Leaf | undefined : never;
};

/**
 * Finds every class of paths that some tree matches. It walks all trees at once and follows the matching rule of
 * `match`. Leaves differ if they are not the same object. No path has path parameters (`;`), because `match` ignores
 * them.
 *
 * What can follow depends only on which nodes the path has reached in each tree, so each such combination is walked
 * once. Otherwise the work would multiply wherever literals stand beside a parameter.
 *
 * @param needed a class is returned only if each of the first `needed` trees matches it
 * @throws UndecidedError `too-many-path-classes`, after `maxSteps` steps
 */
export function pathClasses<const Trees extends readonly PathTree<unknown>[]>(
  trees: Trees,
  { needed = 0, maxSteps = MAX_PATH_STEPS } = {},
): readonly PathClass<LeavesOf<Trees>>[] {
  const walk = new Walk(needed, maxSteps);
  walk.run(trees);
  return walk.classes() as readonly PathClass<LeavesOf<Trees>>[];
}

type Node = PathTree<unknown>;

/** What a path has reached in one tree. */
interface Front {
  /**
   * Nodes from which more segments may match, most specific first. Nodes after the first that has a wildcard are never
   * tried.
   */
  readonly nodes: readonly Node[];
  /** The leaf of the path if it ends here. */
  readonly here: unknown;
  /** The leaf of the path if it ends here with a trailing slash. */
  readonly slash: unknown;
  /** The leaf of the wildcard that the path has entered. It takes every continuation that no node matches. */
  readonly open: unknown;
}

/** What a path has reached in all trees, and how. */
interface Place {
  readonly fronts: readonly Front[];
  /** `undefined`: this is the root. */
  readonly from: Place | undefined;
  /** The last segment, decoded. */
  readonly segment: string;
}

class Walk {
  readonly #needed: number;
  readonly #maxSteps: number;
  readonly #ids = new Map<unknown, number>();
  readonly #classes = new Map<string, PathClass<readonly unknown[]>>();
  readonly #left = new Set<string>();
  /** Segments that still have to be followed, by the nodes that they lead on from. See `#segmentsFrom`. */
  readonly #pending = new Map<string, ReadonlySet<string>>();
  readonly #queue: Place[] = [];
  #steps = 0;

  constructor(needed: number, maxSteps: number) {
    this.#needed = needed;
    this.#maxSteps = maxSteps;
  }

  classes(): readonly PathClass<readonly unknown[]>[] {
    return [...this.#classes.values()];
  }

  run(trees: readonly Node[]): void {
    this.#reach({ fronts: trees.map((tree) => frontOf([tree], undefined)), from: undefined, segment: "" });
    // Breadth first, so that the first path found for each class is one of its shortest.
    for (let at = 0; at < this.#queue.length; at++) {
      const place = this.#queue[at];
      if (place) this.#leave(place);
    }
  }

  #reach(place: Place): void {
    this.#add(place, (front) => front.here);
    this.#queue.push(place);
  }

  #leave(place: Place): void {
    const { fronts } = place;
    // The slash of the root is not a trailing slash.
    if (place.from) this.#add({ fronts, from: place, segment: "" }, (front) => front.slash);
    if (fronts.every(isSpent) || fronts.slice(0, this.#needed).some(isSpent)) return;
    // Two places that differ only in what ends there, with or without a slash, go on alike.
    const key = this.#keyOf(fronts);
    if (this.#left.has(key)) return;
    this.#left.add(key);
    const { literals, other } = this.#segmentsFrom(fronts);
    for (const segment of literals) this.#step(place, segment, segment);
    if (other) this.#step(place, undefined, freshSegment(place.fronts));
  }

  #step(from: Place, literal: string | undefined, segment: string): void {
    if (++this.#steps > this.#maxSteps) {
      const message = `The path patterns overlap in too many ways: gave up after ${this.#maxSteps} steps.`;
      throw new UndecidedError("too-many-path-classes", message);
    }
    this.#reach({ fronts: from.fronts.map((front) => advance(front, literal)), from, segment });
  }

  /**
   * Which segments to follow: some literals and, with `other`, one segment that is no literal. A node that has literals
   * only does not affect any other segment, so such a segment leads to the same place with or without the node. Places
   * that are equal without such nodes therefore share the segments of the rest, and each of those is followed once for
   * all of them. The node with the most literals is treated as part of the rest.
   */
  #segmentsFrom(fronts: readonly Front[]): { readonly literals: ReadonlySet<string>; readonly other: boolean } {
    const narrow = new Set(fronts.flatMap(({ nodes }) => nodes.filter(hasLiteralsOnly)));
    let widest: Node | undefined;
    for (const node of narrow) if (node.literals.size > (widest?.literals.size ?? 0)) widest = node;
    if (widest) narrow.delete(widest);
    if (narrow.size === 0) return { literals: literalsOf(fronts), other: true };

    const own = new Set<string>();
    for (const node of narrow) for (const literal of node.literals.keys()) own.add(literal);
    const rest = fronts.map((front) => ({ ...front, nodes: front.nodes.filter((node) => !narrow.has(node)) }));
    const key = this.#keyOf(rest);
    const before = this.#pending.get(key);
    const pending = before ?? literalsOf(rest);
    this.#pending.set(key, new Set([...pending].filter((literal) => own.has(literal))));
    for (const literal of pending) own.add(literal);
    return { literals: own, other: before === undefined };
  }

  #add(place: Place, leafOf: (front: Front) => unknown): void {
    const leaves = place.fronts.map(leafOf);
    if (leaves.every(isNone) || leaves.slice(0, this.#needed).some(isNone)) return;
    const key = leaves.map((leaf) => this.#idOf(leaf)).join();
    if (!this.#classes.has(key)) this.#classes.set(key, { path: pathTo(place) || "/", leaves });
  }

  #keyOf(fronts: readonly Front[]): string {
    let key = "";
    for (const { nodes, open } of fronts) {
      for (const node of nodes) key += `${this.#idOf(node)},`;
      key += `${this.#idOf(open)};`;
    }
    return key;
  }

  #idOf(thing: unknown): number {
    if (thing === undefined) return 0;
    const known = this.#ids.get(thing);
    if (known !== undefined) return known;
    this.#ids.set(thing, this.#ids.size + 1);
    return this.#ids.size;
  }
}

function pathTo({ from, segment }: Place): string {
  return from ? `${pathTo(from)}/${encodeSegment(segment)}` : "";
}

function isNone(leaf: unknown): boolean {
  return leaf === undefined;
}

/** Whether no path with more segments can match. */
function isSpent({ nodes, open }: Front): boolean {
  return nodes.length === 0 && open === undefined;
}

function hasLiteralsOnly(node: Node): boolean {
  return node.parameter === undefined && node.wildcard === undefined;
}

function literalsOf(fronts: readonly Front[]): ReadonlySet<string> {
  const literals = new Set<string>();
  for (const { nodes } of fronts) for (const node of nodes) for (const key of node.literals.keys()) literals.add(key);
  return literals;
}

/** Goes on by one segment. Like `match`, it stops at the first node with a wildcard, which takes all that is left. */
function advance({ nodes, open }: Front, segment: string | undefined): Front {
  const next: Node[] = [];
  for (const node of nodes) {
    const literal = segment === undefined ? undefined : node.literals.get(segment);
    if (literal) next.push(literal);
    if (node.parameter) next.push(node.parameter);
    if (node.wildcard !== undefined) return frontOf(next, node.wildcard);
  }
  return frontOf(next, open);
}

/** @param nodes all nodes that the path has led to, most specific first */
function frontOf(nodes: readonly Node[], entered: unknown): Front {
  const live: Node[] = [];
  let here: unknown;
  let slash: unknown;
  let isTaken = false;
  for (const node of nodes) {
    const { all } = node;
    if (all !== undefined) return { nodes: live, here: here ?? all, slash: slash ?? all, open: all };
    here ??= node.leaf;
    // A wildcard does not match an empty segment, so nodes after one count here.
    slash ??= node.slash;
    if (!isTaken && !(hasLiteralsOnly(node) && node.literals.size === 0)) live.push(node);
    isTaken ||= node.wildcard !== undefined;
  }
  return { nodes: live, here: here ?? entered, slash: slash ?? entered, open: entered };
}

/** Encodes a segment. Reserved characters that do not delimit paths stay readable. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(/%(?:24|26|2B|2C|3A|3D|40)/g, decodeURIComponent);
}

/** A segment that is not one of the literals. */
function freshSegment(fronts: readonly Front[]): string {
  for (let attempt = 0; ; attempt++) {
    const segment = attempt === 0 ? "x" : `x${attempt}`;
    if (!fronts.some(({ nodes }) => nodes.some((node) => node.literals.has(segment)))) return segment;
  }
}
