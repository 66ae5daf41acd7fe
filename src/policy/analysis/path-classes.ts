import { MAX_PATH_STEPS } from "../../limits.ts";
import type { PathTree } from "./path-tree.ts";
import { UndecidedError } from "./undecided-error.ts";

/** All the paths that lead to the same leaf in each of several trees, which nothing in the trees can tell apart. */
export interface PathClass<Leaves> {
  /** One of its paths with the fewest segments, in canonical form; never one of the gateway's own. */
  readonly path: string;
  /** What each tree has for it; `undefined`: no pattern of that tree matches. */
  readonly leaves: Leaves;
}

/** A tree's leaves in the places of the trees. */
type LeavesOf<Trees extends readonly PathTree<unknown>[]> = {
  readonly [At in keyof Trees]: Trees[At] extends PathTree<infer Leaf> ? Leaf | undefined : never;
};

/**
 * Every class of paths that some tree matches, by walking the trees at once. Leaves are told apart by identity. Each
 * tree is read exactly as `match` reads a policy's. Path parameters (`;`) do not occur: `match` leaves them out.
 *
 * Where a path is so far, in all trees, decides what follows; each such place is walked once. Without sharing, the work
 * would be the product of literals and the parameters beside them.
 *
 * @param needed how many of the trees, from the first, must match a class for it to be given
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

/** Where a path is in one tree. */
interface Front {
  /** Nodes from which more segments may match, most specific first. None after one with a wildcard gets its turn. */
  readonly nodes: readonly Node[];
  /** The leaf if the path ends here. */
  readonly here: unknown;
  /** The leaf of the wildcard that the path has entered, which takes whatever no node does. */
  readonly open: unknown;
}

/** Where a path is in all trees, and how it got there. */
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
  readonly #reached = new Set<string>();
  /** By the nodes that share their segments: the segments that are still to be followed from them. */
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
    // Breadth first, so that each class is met by one of its shortest paths.
    for (let at = 0; at < this.#queue.length; at++) {
      const place = this.#queue[at];
      if (place) this.#leave(place);
    }
  }

  #reach(place: Place): void {
    const { fronts } = place;
    this.#add(place, (front) => front.here);
    if (fronts.every(isSpent) || fronts.slice(0, this.#needed).some(isSpent)) return;
    const key = this.#keyOf(fronts);
    if (this.#reached.has(key)) return;
    this.#reached.add(key);
    this.#queue.push(place);
  }

  #leave(place: Place): void {
    // The root's own slash is no trailing one.
    if (place.from) this.#add({ fronts: place.fronts, from: place, segment: "" }, (front) => front.open);
    const { literals, other } = this.#segmentsFrom(place.fronts);
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
   * Which segments to follow. A node with literals only has no say in any other segment: that leads where it would lead
   * without the node. So what is left without such nodes shares its segments, and each is followed once for all. The
   * one with the most literals counts as left, too.
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

/** Nothing further can match. */
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

/** Where the nodes' turn ends at the first with a wildcard, so does `match`: it takes all that is left. */
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

/** @param nodes all that the path has led to, most specific first */
function frontOf(nodes: readonly Node[], entered: unknown): Front {
  const live: Node[] = [];
  let here: unknown;
  let isTaken = false;
  for (const node of nodes) {
    if (node.all !== undefined) return { nodes: live, here: here ?? node.all, open: node.all };
    here ??= node.leaf;
    if (!isTaken && !(hasLiteralsOnly(node) && node.literals.size === 0)) live.push(node);
    isTaken ||= node.wildcard !== undefined;
  }
  return { nodes: live, here: here ?? entered, open: entered };
}

/** Reserved characters that are no delimiters of a path stay as they are, as people write them. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(/%(?:24|26|2B|2C|3A|3D|40)/g, decodeURIComponent);
}

/** A segment that is none of the literals. */
function freshSegment(fronts: readonly Front[]): string {
  for (let attempt = 0; ; attempt++) {
    const segment = attempt === 0 ? "x" : `x${attempt}`;
    if (!fronts.some(({ nodes }) => nodes.some((node) => node.literals.has(segment)))) return segment;
  }
}
