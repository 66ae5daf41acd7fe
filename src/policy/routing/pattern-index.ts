/**
 * # The matching rule
 *
 * This comment is the rule. `PatternIndex` implements it, and requests are matched in no other way.
 *
 * 1. A pattern and a canonical path are compared segment by segment, split at `/`. The path `/` has no segments. In any
 *    other path or pattern a trailing slash is an empty last segment. No other segment is empty.
 * 2. Path parameters (`;` or `%3B` and the rest of the segment) are cut off first.
 * 3. A literal matches a segment that is equal to it. Both are percent-decoded first: otherwise `/orders/%40me` would
 *    slip past the route of `/orders/@me` to that of `/orders/:id`. Case matters. The trailing slash of a pattern is a
 *    literal, too: `/orders/` and `/orders` are two shapes, and neither matches the other's path.
 * 4. `:name` matches one segment that is not empty. Its name plays no part: `/a/:x` and `/a/:y` are one shape.
 * 5. `*` matches one or more segments, the first of which is not empty: `/orders/*` matches `/orders/7/`, but not
 *    `/orders/`.
 * 6. If several patterns match, the most specific one wins. At the first segment where two of them differ, a literal
 *    goes before `:name`, and `:name` before `*`. The order of the list never matters.
 * 7. The method plays no part. It is looked up afterwards among the routes of the winner (`routeFor`), so a method that
 *    the winner lacks never falls through to a looser pattern.
 *
 * `analysis/matching-patterns.ts` (all patterns that match a path) and `analysis/paths/path-classes.ts` (all paths)
 * read the same patterns from a `PathTree`. Fuzz tests compare this index with the rule written out naively, and both
 * of them with this index.
 */
import { hasPathParameters } from "./canonical-path.ts";

/** Places in a node of `PatternIndex`, and the length of one. */
const PARAMETER = 0;
const EXACT = 1;
const WILDCARD = 2;
const WAITING = 3;
const NODE_LENGTH = 4;
/** Places in an edge of `PatternIndex`, and the length of one. */
const FROM = 0;
const TEXT = 1;
const TO = 2;
const EDGE_LENGTH = 3;

const ROOT = 0;
/** Stands for no shape, no pattern and no node. The root has this number, but no edge leads to the root. */
export const NONE = 0;
/** The text of a place in the table that has no edge. */
const FREE = 0;
/** Stands where patterns waited, one of which cannot be read. */
const DAMAGED = -1;
const DAMAGED_PATH = "The compiled policy has a damaged path. Build it again.";

/**
 * Path patterns, found by path. Patterns of one shape differ only in the names of their parameters and in the spelling
 * of their literals; they count as one. Shapes are numbered from 1, in no order.
 *
 * The index is a tree in two flat arrays of numbers: its nodes, and a hash table of the edges to literals. A node is
 * opened when a path first leads to it: until then, the patterns that go on from it wait there. So a Worker starts
 * without reading its patterns, and keeps in memory what its requests use. docs/decisions/0002-flat-route-index.md says
 * what else was measured.
 */
export class PatternIndex {
  readonly #patterns: readonly string[];
  /** For each pattern, numbered from 1: the end of the last segment that was read, and the next pattern of its list. */
  readonly #ends: Int32Array;
  readonly #next: Int32Array;
  /** For each shape: the first pattern of its list. */
  readonly #shapes: number[] = [NONE];
  /** The number of each decoded literal. */
  readonly #texts = new Map<string, number>();
  /**
   * For each node: the node after `:name`, the shape that ends here, the shape that goes on with `*`, and the first
   * pattern that waits here.
   */
  #nodes = new Int32Array(64 * NODE_LENGTH);
  #nodeCount = 1;
  /** A hash table with open addressing, at most half full. */
  #edges = new Int32Array(64 * EDGE_LENGTH);
  #edgeCount = 0;

  /** @param patterns accepted by `parsePathPattern`. A damaged one throws when a path first leads to its node. */
  constructor(patterns: readonly string[]) {
    this.#patterns = patterns;
    this.#ends = new Int32Array(patterns.length + 1);
    this.#next = new Int32Array(patterns.length + 1);
    this.#nodes[ROOT * NODE_LENGTH + WAITING] = patterns.length;
  }

  /** The number of the shape that wins a canonical path by the matching rule, or `NONE`. */
  find(path: string): number {
    return this.#descend(ROOT, path, startOfSegments(path), hasPathParameters(path));
  }

  /** The number of the shape of a pattern, or `NONE` if no pattern of the index has it. */
  shapeOf(pattern: string): number {
    let node = ROOT;
    for (let start = startOfSegments(pattern), end = 0; start <= pattern.length; start = end + 1) {
      this.#open(node);
      end = endOfSegment(pattern, start);
      const segment = pattern.substring(start, end);
      if (segment === "*") return this.#at(node, WILDCARD);
      node = segment.startsWith(":") ? this.#at(node, PARAMETER) : this.#literal(node, decoded(segment));
      if (node === NONE) return NONE;
    }
    this.#open(node);
    return this.#at(node, EXACT);
  }

  /** The patterns of a shape: their places in the list, from 0, in its order. */
  patternsOf(shape: number): readonly number[] {
    const places: number[] = [];
    for (let pattern = this.#shapes[shape] ?? NONE; pattern !== NONE; pattern = this.#next[pattern] ?? NONE) {
      places.push(pattern - 1);
    }
    return places.sort((one, other) => one - other);
  }

  /**
   * Recurses once for each segment of a pattern: `MAX_PATTERN_SEGMENTS` bounds the depth, however long the path is.
   *
   * @param start where the next segment begins; one past the end of the path if there is none
   */
  #descend(node: number, path: string, start: number, hasParameters: boolean): number {
    this.#open(node);
    if (start > path.length) return this.#at(node, EXACT);
    const end = endOfSegment(path, start);
    const segment = path.substring(start, hasParameters ? endWithoutParameters(path, start, end) : end);
    const literal = this.#literal(node, decoded(segment));
    // The path has a trailing slash. Only a literal matches it (rules 3 to 5).
    if (segment === "") return literal && this.#descend(literal, path, end + 1, hasParameters);
    const parameter = this.#at(node, PARAMETER);
    return (
      (literal && this.#descend(literal, path, end + 1, hasParameters)) ||
      (parameter && this.#descend(parameter, path, end + 1, hasParameters)) ||
      this.#at(node, WILDCARD)
    );
  }

  #at(node: number, place: number): number {
    return this.#nodes[node * NODE_LENGTH + place] ?? NONE;
  }

  /** Sends the patterns that wait in a node to where their next segment leads, once. */
  #open(node: number): void {
    const first = this.#at(node, WAITING);
    if (first !== NONE) this.#sendOn(node, first);
  }

  /** Without a damaged pattern, a looser one might serve in its place. So no path through its node is found. */
  #sendOn(node: number, first: number): void {
    if (first === DAMAGED) throw new Error(DAMAGED_PATH);
    this.#nodes[node * NODE_LENGTH + WAITING] = DAMAGED;
    // Neighbours of a file often have a segment in common.
    let common = "";
    let child = NONE;
    for (let pattern = first, next = NONE; pattern !== NONE; pattern = next) {
      // All patterns wait in the root at first, so no list is made of them.
      next = node === ROOT ? pattern - 1 : (this.#next[pattern] ?? NONE);
      const text = this.#textOf(pattern);
      const start = node === ROOT ? startOfSegments(text) : (this.#ends[pattern] ?? 0) + 1;
      if (common === "" || !text.startsWith(common, start)) {
        const segment = text.substring(start, endOfSegment(text, start));
        if (start > text.length || segment === "*") {
          this.#addToShape(node, segment === "*" ? WILDCARD : EXACT, pattern);
          continue;
        }
        common = `${segment}/`;
        child = segment.startsWith(":") ? this.#parameterAfter(node) : this.#literalAfter(node, decoded(segment));
      }
      this.#ends[pattern] = start + common.length - 1;
      this.#next[pattern] = this.#at(child, WAITING);
      this.#nodes[child * NODE_LENGTH + WAITING] = pattern;
    }
    this.#nodes[node * NODE_LENGTH + WAITING] = NONE;
  }

  #textOf(pattern: number): string {
    const text = this.#patterns[pattern - 1];
    if (!text?.startsWith("/")) throw new Error(DAMAGED_PATH);
    return text;
  }

  #addToShape(node: number, ending: number, pattern: number): void {
    const shape = this.#at(node, ending) || this.#shapes.push(NONE) - 1;
    this.#nodes[node * NODE_LENGTH + ending] = shape;
    this.#next[pattern] = this.#shapes[shape] ?? NONE;
    this.#shapes[shape] = pattern;
  }

  /** The node after a literal, or `NONE`. */
  #literal(node: number, segment: string): number {
    const text = this.#texts.get(segment);
    return text === undefined ? NONE : (this.#edges[this.#placeOf(node, text) + TO] ?? NONE);
  }

  /** The place of an edge in the table, or the free place for it. */
  #placeOf(node: number, text: number): number {
    const mask = this.#edges.length / EDGE_LENGTH - 1;
    for (let slot = hash(node, text); ; slot += 1) {
      const place = (slot & mask) * EDGE_LENGTH;
      const found = this.#edges[place + TEXT];
      if (found === FREE || (found === text && this.#edges[place + FROM] === node)) return place;
    }
  }

  #literalAfter(node: number, segment: string): number {
    const text = this.#texts.get(segment) ?? this.#texts.size + 1;
    if (text > this.#texts.size) this.#texts.set(segment, text);
    const known = this.#edges[this.#placeOf(node, text) + TO];
    if (known) return known;
    const created = this.#addNode();
    this.#addEdge(node, text, created);
    return created;
  }

  #parameterAfter(node: number): number {
    const known = this.#at(node, PARAMETER);
    if (known !== NONE) return known;
    const created = this.#addNode();
    this.#nodes[node * NODE_LENGTH + PARAMETER] = created;
    return created;
  }

  #addNode(): number {
    const node = this.#nodeCount;
    this.#nodeCount += 1;
    if (this.#nodeCount * NODE_LENGTH > this.#nodes.length) {
      const smaller = this.#nodes;
      this.#nodes = new Int32Array(smaller.length * 2);
      this.#nodes.set(smaller);
    }
    return node;
  }

  #addEdge(from: number, text: number, to: number): void {
    this.#edgeCount += 1;
    if (this.#edgeCount * 2 * EDGE_LENGTH > this.#edges.length) this.#growEdges();
    this.#setEdge(from, text, to);
  }

  #setEdge(from: number, text: number, to: number): void {
    const place = this.#placeOf(from, text);
    this.#edges[place + FROM] = from;
    this.#edges[place + TEXT] = text;
    this.#edges[place + TO] = to;
  }

  #growEdges(): void {
    const smaller = this.#edges;
    this.#edges = new Int32Array(smaller.length * 2);
    for (let place = 0; place < smaller.length; place += EDGE_LENGTH) {
      const text = smaller[place + TEXT] ?? FREE;
      if (text !== FREE) this.#setEdge(smaller[place + FROM] ?? NONE, text, smaller[place + TO] ?? NONE);
    }
  }
}

/** The root has no segments (rule 1). */
function startOfSegments(path: string): number {
  return path === "/" ? path.length + 1 : 1;
}

function endOfSegment(path: string, start: number): number {
  const slash = path.indexOf("/", start);
  return slash === -1 ? path.length : slash;
}

function decoded(segment: string): string {
  return segment.includes("%") ? decodeURIComponent(segment) : segment;
}

function endWithoutParameters(path: string, start: number, end: number): number {
  const segment = path.substring(start, end);
  const parameters = segment.search(/;|%3B/);
  return parameters === -1 ? end : start + parameters;
}

/**
 * Hashes an edge to a number that is not negative. It spreads pairs of small numbers well: nodes and texts are small
 * numbers. It does not resist an attacker who chooses the numbers. Only the policy's author chooses literals, and
 * requests only choose the order in which nodes are opened.
 */
function hash(node: number, text: number): number {
  const mixed = Math.imul(node ^ Math.imul(text, 0x9e3779b1), 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) >>> 1;
}
