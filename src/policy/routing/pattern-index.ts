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
const NODE_LENGTH = 3;
/** Places in an edge of `PatternIndex`, and the length of one. */
const FROM = 0;
const TEXT = 1;
const TO = 2;
const EDGE_LENGTH = 3;

const ROOT = 0;
/** Stands for no shape and no node. The root has this number, but no edge leads to the root. */
export const NONE = 0;
/** The text of a place in the table that has no edge. */
const FREE = 0;

/**
 * Path patterns, found by path. Patterns of one shape differ only in the names of their parameters and in the spelling
 * of their literals; they count as one. Shapes are numbered from 1 in the order in which they are added.
 *
 * The index is a tree in two flat arrays of numbers: its nodes, and a hash table of the edges to literals. A hundred
 * thousand routes take a few megabytes, and a lookup takes a few reads of memory.
 * docs/decisions/0002-flat-route-index.md says why it is not a tree of Maps.
 */
export class PatternIndex {
  /** The number of each decoded literal. */
  readonly #texts = new Map<string, number>();
  /** For each node: the node after `:name`, the shape that ends here, and the shape that goes on with `*`. */
  #nodes = new Int32Array(64 * NODE_LENGTH);
  #nodeCount = 1;
  /** A hash table with open addressing, at most half full. */
  #edges = new Int32Array(64 * EDGE_LENGTH);
  #edgeCount = 0;
  #shapeCount = 0;

  /**
   * Adds a pattern, unless it has one of its shape. The pattern must be one that `parsePathPattern` accepts.
   *
   * @returns the number of its shape
   */
  add(pattern: string): number {
    let node = ROOT;
    let ending = EXACT;
    // The root has no segments (rule 1).
    const first = pattern === "/" ? pattern.length + 1 : 1;
    for (let start = first, end = 0; start <= pattern.length; start = end + 1) {
      end = endOfSegment(pattern, start);
      const segment = pattern.substring(start, end);
      if (segment === "*") ending = WILDCARD;
      else node = segment.startsWith(":") ? this.#parameterAfter(node) : this.#literalAfter(node, decoded(segment));
    }
    const place = node * NODE_LENGTH + ending;
    const known = this.#nodes[place];
    if (known) return known;
    this.#shapeCount += 1;
    this.#nodes[place] = this.#shapeCount;
    return this.#shapeCount;
  }

  /** The number of the shape that wins a canonical path by the matching rule, or `NONE`. */
  find(path: string): number {
    return path === "/" ? this.#at(ROOT, EXACT) : this.#descend(ROOT, path, 1, hasPathParameters(path));
  }

  /**
   * Recurses once for each segment of a pattern: `MAX_PATTERN_SEGMENTS` bounds the depth, however long the path is.
   *
   * @param start where the next segment begins; one past the end of the path if there is none
   */
  #descend(node: number, path: string, start: number, hasParameters: boolean): number {
    if (start > path.length) return this.#at(node, EXACT);
    const end = endOfSegment(path, start);
    const segment = path.substring(start, hasParameters ? endWithoutParameters(path, start, end) : end);
    const text = this.#texts.get(decoded(segment));
    const literal = text === undefined ? NONE : this.#literal(node, text);
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

  /** The node after a literal, or `NONE`. */
  #literal(node: number, text: number): number {
    return this.#edges[this.#placeOf(node, text) + TO] ?? NONE;
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
    this.#texts.set(segment, text);
    const known = this.#literal(node, text);
    if (known !== NONE) return known;
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
 * numbers. It does not resist an attacker who chooses the numbers,
 * because only the policy's author chooses them.
 */
function hash(node: number, text: number): number {
  const mixed = Math.imul(node ^ Math.imul(text, 0x9e3779b1), 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) >>> 1;
}
