import type { RouteGroup } from "../../../policy.ts";
import type { PathTree } from "../../paths/path-tree.ts";
import { encodedText, type PatternEnding, SAMPLE, type Segment } from "./pattern-endings.ts";

type Node = PathTree<RouteGroup>;

/** A path that a pattern may match, with some of its slashes encoded, as far as it is built. */
interface Place {
  /** The node that the path leads to if every slash counts; `undefined`: it is within the `*` of another pattern. */
  readonly node: Node | undefined;
  /** How many segments of the pattern are matched. */
  readonly matched: number;
  /** Whether the last of them may go on behind an encoded slash. */
  readonly isOpen: boolean;
  readonly path: string;
  /** How many segments it has once its slashes are decoded. */
  readonly length: number;
  readonly hasEncodedSlash: boolean;
}

/**
 * The paths that a pattern may match and that are paths of another pattern once their encoded slashes are decoded:
 * `/files/a%2Fb`, which `/files/:name` matches, is a path of `/files/:name/:part`. Yields `undefined` for each step
 * that led to none. Whether the patterns win these paths is not checked.
 *
 * @param longest most segments of a pattern of the tree. Of paths that are longer, one of each kind is enough.
 */
export function* encodedSlashPaths(
  tree: Node,
  { segments, ending }: Pick<PatternEnding, "segments" | "ending">,
  longest: number,
): Generator<string | undefined, void> {
  const waiting: Place[] = [{ node: tree, matched: 0, isOpen: false, path: "", length: 0, hasEncodedSlash: false }];
  for (let place = waiting.pop(); place; place = waiting.pop()) {
    const { node, matched, isOpen, path, hasEncodedSlash } = place;
    const isComplete = matched === segments.length;
    yield undefined;
    if (isComplete && hasEncodedSlash) {
      if (ending !== "slash" && (node === undefined || node.leaf)) yield path;
      if (ending !== "leaf" && (node === undefined || node.slash)) yield `${path}/`;
    }
    const length = place.length + 1;
    if (length > longest + 1) continue;
    for (const { to, text } of isOpen ? stepsFrom(node, undefined) : []) {
      const further = { ...place, node: to, length };
      waiting.push({ ...further, path: `${path}%2F${encodedText(text)}`, hasEncodedSlash: true });
      if (isComplete && ending === "wildcard") waiting.push({ ...further, path: `${path}/${encodedText(text)}` });
    }
    const next = segments[matched];
    for (const { to, text } of next ? stepsFrom(node, next) : []) {
      const step = { node: to, matched: matched + 1, isOpen: next?.kind === "sample", length, hasEncodedSlash };
      waiting.push({ ...step, path: `${path}/${encodedText(text)}` });
    }
  }
}

/** The segments with which a path can go on, and where they lead. `segment`: the only one, unless it is a sample. */
function* stepsFrom(
  node: Node | undefined,
  segment: Segment | undefined,
): Generator<{ readonly to: Node | undefined; readonly text: string }, void> {
  const text = segment?.kind === "literal" ? segment.text : SAMPLE.text;
  if (node === undefined) {
    yield { to: undefined, text };
    return;
  }
  if (segment?.kind === "literal") {
    const to = node.literals.get(text);
    if (to) yield { to, text };
  } else for (const [literal, to] of node.literals) yield { to, text: literal };
  if (node.parameter) yield { to: node.parameter, text };
  if (node.wildcard) yield { to: undefined, text };
}
