import { type PathSegment, parsePathPattern } from "../../routing/path-pattern.ts";

/**
 * Patterns as a tree of their segments. Each pattern leads to a leaf: for routes, their `RouteGroup`. Nothing follows a
 * trailing slash, so it is not a node of its own.
 */
export interface PathTree<Leaf> {
  /** By the decoded segment, so that `%40me` is the literal `@me`. */
  readonly literals: ReadonlyMap<string, PathTree<Leaf>>;
  /** The child for `:name`. */
  readonly parameter: PathTree<Leaf> | undefined;
  /** The leaf of the pattern that goes on with `*` from here. */
  readonly wildcard: Leaf | undefined;
  /** The leaf of the pattern that ends here. */
  readonly leaf: Leaf | undefined;
  /** The leaf of the pattern that ends here with a trailing slash. */
  readonly slash: Leaf | undefined;
  /** The leaf of this node's own path and of all paths below it, with and without a trailing slash. */
  readonly all?: Leaf;
}

/** Builds a tree one pattern after the other. If two patterns have one shape, the later leaf counts. */
export class PathTreeBuilder<Leaf> {
  readonly #root: GrowingTree<Leaf> = emptyNode();

  /** The tree so far. It goes on growing with what is added. */
  get tree(): PathTree<Leaf> {
    return this.#root;
  }

  /** Adds a pattern. Throws `TypeError` if `parsePathPattern` refuses it. */
  add(pattern: string, leaf: Leaf): void {
    const segments = segmentsOf(pattern);
    const ending = endingOf(segments);
    this.#nodeAt(ending === "leaf" ? segments : segments.slice(0, -1))[ending] = leaf;
  }

  /** Adds the paths that a pattern without `*` or trailing slash matches, and all paths below. Throws like `add`. */
  addUnder(pattern: string, leaf: Leaf): void {
    this.#nodeAt(segmentsOf(pattern)).all = leaf;
  }

  #nodeAt(segments: readonly PathSegment[]): GrowingTree<Leaf> {
    let node = this.#root;
    for (const segment of segments) {
      if (segment.kind === "literal") {
        let child = node.literals.get(segment.text);
        if (child === undefined) {
          child = emptyNode();
          if (node.literals === NO_LITERALS) node.literals = new Map();
          node.literals.set(segment.text, child);
        }
        node = child;
      } else {
        node.parameter ??= emptyNode();
        node = node.parameter;
      }
    }
    return node;
  }
}

interface GrowingTree<Leaf> extends PathTree<Leaf> {
  literals: Map<string, GrowingTree<Leaf>>;
  parameter: GrowingTree<Leaf> | undefined;
  wildcard: Leaf | undefined;
  leaf: Leaf | undefined;
  slash: Leaf | undefined;
  all?: Leaf;
}

/** Shared by all nodes that no literal follows. They are most of the nodes, and a `Map` is larger than a node. */
const NO_LITERALS = new Map<string, never>();

function emptyNode<Leaf>(): GrowingTree<Leaf> {
  return { literals: NO_LITERALS, parameter: undefined, wildcard: undefined, leaf: undefined, slash: undefined };
}

/** The member of a node that has the leaf of a pattern. */
export function endingOf(segments: readonly PathSegment[]): "leaf" | "slash" | "wildcard" {
  const last = segments.at(-1);
  if (last?.kind === "wildcard") return "wildcard";
  return last?.kind === "literal" && last.text === "" ? "slash" : "leaf";
}

function segmentsOf(pattern: string): readonly PathSegment[] {
  const segments = parsePathPattern(pattern);
  if (!segments.ok) throw new TypeError(`${pattern}: ${segments.failure.message}`);
  return segments.value;
}
