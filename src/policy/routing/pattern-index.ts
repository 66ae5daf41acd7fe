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
/** No shape has this number, and no node leads back to the root, whose number it is. */
export const NONE = 0;
/** Stands for the text of an edge where there is none. */
const FREE = 0;

/**
 * Path patterns by their segments. Patterns of one shape, which differ in the names of their parameters only, are one;
 * shapes are numbered from 1 in the order in which they come.
 *
 * A tree in two flat arrays of numbers: its nodes, and a hash table of the edges to the nodes behind literals. A hundred
 * thousand routes take a few megabytes, and a lookup a few reads of memory, whatever their number.
 */
export class PatternIndex {
  /** Number of each literal segment, decoded. */
  readonly #texts = new Map<string, number>();
  /** Of each node: the one behind `:name`, the shape that ends there, the shape that goes on with `*`. */
  #nodes = new Int32Array(64 * NODE_LENGTH);
  #nodeCount = 1;
  /** Open addressing, never more than half full. */
  #edges = new Int32Array(64 * EDGE_LENGTH);
  #edgeCount = 0;
  #shapeCount = 0;

  /**
   * Adds a pattern that `parsePathPattern` accepts, unless one of its shape is there.
   *
   * @returns the number of its shape
   */
  add(pattern: string): number {
    let node = ROOT;
    let ending = EXACT;
    for (let start = 1, end = 0; start < pattern.length; start = end + 1) {
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

  /** The number of the most specific shape that matches a path, or `NONE`: see `RouteTable.match`. */
  find(path: string): number {
    return path === "/" ? this.#at(ROOT, EXACT) : this.#descend(ROOT, path, 1, hasPathParameters(path));
  }

  /** `start` is where the next segment begins; one past the end of the path when there is none. */
  #descend(node: number, path: string, start: number, hasParameters: boolean): number {
    if (start > path.length) return this.#at(node, EXACT);
    const end = endOfSegment(path, start);
    const segment = path.substring(start, hasParameters ? endWithoutParameters(path, start, end) : end);
    // Only after a trailing slash. It is a segment to a `*` further up, but neither `:name` nor where a `*` begins.
    if (segment === "") return NONE;
    const text = this.#texts.get(decoded(segment));
    const literal = text === undefined ? NONE : this.#literal(node, text);
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

  /** The node behind a literal, if there is one. */
  #literal(node: number, text: number): number {
    return this.#edges[this.#placeOf(node, text) + TO] ?? NONE;
  }

  /** Where the edge stands in the table, or the free place where it would. */
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

/** Not negative. Spreads pairs of small numbers, as nodes and texts are; who writes the policy could choose others. */
function hash(node: number, text: number): number {
  const mixed = Math.imul(node ^ Math.imul(text, 0x9e3779b1), 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) >>> 1;
}
