import type { Route } from "../../../policy.ts";
import { segmentsOf } from "../../../routing/rewrite-path.ts";

/** A segment of a path for an upstream: a decoded literal, or the place of a segment in the path of the request. */
export type ImagePart = { readonly literal: string } | { readonly at: number } | { readonly from: number };

/** The paths that a route asks its upstream for, with the path of the upstream's URL. */
export interface UpstreamImage {
  readonly route: Route;
  readonly parts: readonly ImagePart[];
}

/**
 * What a route makes of the paths that its pattern matches. Patterns that are more specific are left out of account.
 */
export function imageOf(route: Route): UpstreamImage {
  const { upstream, rewriting } = route;
  const prefix = upstream.kind === "url" ? literals(upstream.pathPrefix) : [];
  const own = segmentsOf(route.path).map(partOf);
  const parts =
    rewriting?.kind === "template"
      ? rewriting.parts.map((part) => {
          if (typeof part === "string") return { literal: decodeURIComponent(part) };
          return typeof part === "number" ? { at: part } : part;
        })
      : own.slice(rewriting?.segments ?? 0);
  // The root is a slash, which stands behind the path of the URL. Only what is left of a prefix can be empty.
  const isRoot = parts.length === 0 && rewriting?.kind !== "strip";
  const all = [...prefix, ...parts, ...(isRoot ? [SLASH] : [])];
  // Without a path in the URL, both are the root.
  const [first] = all;
  return { route, parts: all.length === 1 && first && "literal" in first && first.literal === "" ? [] : all };
}

const SLASH: ImagePart = { literal: "" };

function literals(path: string): readonly ImagePart[] {
  return path === "" ? [] : segmentsOf(path).map((segment) => ({ literal: decodeURIComponent(segment) }));
}

function partOf(segment: string, at: number): ImagePart {
  if (segment === "*") return { from: at };
  return segment.startsWith(":") ? { at } : { literal: decodeURIComponent(segment) };
}

/** The images of routes to one destination, as a tree of their segments. */
export class ImageTree {
  readonly #root = emptyNode();

  add(image: UpstreamImage): void {
    let node = this.#root;
    for (const part of image.parts) {
      if ("from" in part) {
        node.rests.push(image);
        return;
      }
      node = childOf(node, part);
    }
    node.ends.push(image);
  }

  /**
   * The images that may have a path in common with one, itself included. Each node that is looked at calls `onStep`.
   */
  *near({ parts }: UpstreamImage, onStep: () => void): Generator<UpstreamImage, void> {
    yield* descend(this.#root, parts, 0, onStep);
  }
}

interface Node {
  readonly literals: Map<string, Node>;
  variable: Node | undefined;
  readonly ends: UpstreamImage[];
  readonly rests: UpstreamImage[];
}

function emptyNode(): Node {
  return { literals: new Map(), variable: undefined, ends: [], rests: [] };
}

function childOf(node: Node, part: Exclude<ImagePart, { from: number }>): Node {
  if ("at" in part) {
    node.variable ??= emptyNode();
    return node.variable;
  }
  const known = node.literals.get(part.literal) ?? emptyNode();
  node.literals.set(part.literal, known);
  return known;
}

/** Recurses once for each segment of a pattern. */
function* descend(
  node: Node,
  parts: readonly ImagePart[],
  at: number,
  onStep: () => void,
): Generator<UpstreamImage, void> {
  onStep();
  const part = parts[at];
  if (part === undefined) {
    yield* node.ends;
    return;
  }
  // A trailing slash is not a segment of a `:name` or the first of a `*`.
  if (!("literal" in part && part.literal === "")) yield* node.rests;
  if ("from" in part) {
    for (const child of childrenOf(node)) yield* everything(child, onStep);
  } else if ("at" in part) {
    for (const child of childrenOf(node)) yield* descend(child, parts, at + 1, onStep);
  } else {
    const child = node.literals.get(part.literal);
    if (child) yield* descend(child, parts, at + 1, onStep);
    if (node.variable && part.literal !== "") yield* descend(node.variable, parts, at + 1, onStep);
  }
}

function* everything(node: Node, onStep: () => void): Generator<UpstreamImage, void> {
  onStep();
  yield* node.ends;
  yield* node.rests;
  for (const child of node.literals.values()) yield* everything(child, onStep);
  if (node.variable) yield* everything(node.variable, onStep);
}

/** All children except a trailing slash. */
function childrenOf({ literals, variable }: Node): readonly Node[] {
  const named = Array.from(literals).flatMap(([literal, child]) => (literal === "" ? [] : child));
  return variable ? [...named, variable] : named;
}
