import { AlikeLeaves, type AlikeLiterals } from "./alike-leaves.ts";
import type { Node } from "./path-front.ts";
import type { Place } from "./path-place.ts";

/** What a walk may pick at a place. */
export interface AlikePicks {
  readonly groups: readonly AlikeLiterals[];
  /** The literals that are in no group. */
  readonly others: Iterable<string>;
}

/**
 * Groups the literals that a walk of `pathClasses` may pick. If a change adds a hundred resources beside a parameter
 * below which there are a thousand others, each new resource then takes one step and not a thousand.
 */
export class AlikePaths {
  readonly #least: number;
  readonly #ids = new Map<Node, number>();
  readonly #shapes = new Map<Node, number>();
  readonly #shapeIds = new Map<string, number>();
  readonly #known = new Map<string, AlikePicks>();

  /** @param least how many literals make a group. Fewer are picked one by one. */
  constructor(least: number) {
    this.#least = least;
  }

  /**
   * The picks at a place. They are those of `Picks.choices`.
   *
   * @param missing which trees lack some pattern, one bit each
   * @returns `undefined`: several trees lack one, or a group was picked on the way, so all literals are picked one by
   * one
   */
  picksAt({ fronts, trail }: Place, missing: number): AlikePicks | undefined {
    const at = 31 - Math.clz32(missing);
    const front = fronts[at];
    if (trail.alike || front === undefined || missing !== 1 << at) return undefined;
    const { nodes, behind } = front;
    let count = 0;
    for (let index = behind; index < nodes.length; index++) count += nodes[index]?.literals.size ?? 0;
    if (count < this.#least) return undefined;
    // In the other trees the pattern wins, unless the literal leads to one that is more specific.
    const excluded = new Set<string>();
    for (const [other, { nodes: own, behind: end }] of fronts.entries()) {
      if (other === at) continue;
      for (const node of own.slice(0, end)) for (const literal of node.literals.keys()) excluded.add(literal);
    }
    const candidates = nodes.slice(behind);
    const relevant = Array.from(excluded).filter((literal) => candidates.some(({ literals }) => literals.has(literal)));
    const key = JSON.stringify([behind, nodes.map((node) => this.#idOf(node)), relevant]);
    const known = this.#known.get(key) ?? this.#group(nodes, candidates, new Set(relevant));
    this.#known.set(key, known);
    return known;
  }

  #group(nodes: readonly Node[], candidates: readonly Node[], excluded: ReadonlySet<string>): AlikePicks {
    const literals = new Set(candidates.flatMap((node) => [...node.literals.keys()]));
    const byShape = Map.groupBy(literals, (literal) =>
      excluded.has(literal) ? "" : nodes.map((node) => this.#shapeOf(node.literals.get(literal))).join(),
    );
    const groups: AlikeLiterals[] = [];
    const others: string[] = [];
    for (const [shape, alike] of byShape) {
      if (shape === "" || alike.length < this.#least) others.push(...alike);
      else groups.push({ literals: alike, next: nextOf(nodes, alike) });
    }
    return { groups, others };
  }

  #idOf(node: Node): number {
    const id = this.#ids.get(node) ?? this.#ids.size;
    this.#ids.set(node, id);
    return id;
  }

  /** The same number for nodes from which the same patterns lead on. Recurses once for each segment of a pattern. */
  #shapeOf(node: Node | undefined): number {
    if (node === undefined) return -1;
    const known = this.#shapes.get(node);
    if (known !== undefined) return known;
    const { literals, parameter, leaf, slash, wildcard } = node;
    const inner = Array.from(
      literals,
      ([literal, child]) => `${JSON.stringify(literal)}${this.#shapeOf(child)}`,
    ).sort();
    const ends = [leaf, slash, wildcard].map((it) => it !== undefined);
    const text = JSON.stringify([inner, this.#shapeOf(parameter), ends]);
    const shape = this.#shapeIds.get(text) ?? this.#shapeIds.size;
    this.#shapeIds.set(text, shape);
    this.#shapes.set(node, shape);
    return shape;
  }
}

function nextOf(nodes: readonly Node[], literals: readonly string[]): ReadonlyMap<Node, Node> {
  const next = new Map<Node, Node>();
  for (const node of nodes) {
    const children = literals.flatMap((literal) => node.literals.get(literal) ?? []);
    const merged = merge(children);
    if (merged) next.set(node, merged);
  }
  return next;
}

/** One node for nodes of the same shape. Recurses once for each segment of a pattern. */
function merge(nodes: readonly Node[]): Node | undefined {
  const [first] = nodes;
  if (first === undefined) return undefined;
  const literals = new Map<string, Node>();
  for (const literal of first.literals.keys()) {
    const inner = merge(nodes.flatMap((node) => node.literals.get(literal) ?? []));
    if (inner) literals.set(literal, inner);
  }
  const leavesAt = (ending: "leaf" | "slash" | "wildcard"): AlikeLeaves<unknown> | undefined =>
    first[ending] === undefined ? undefined : new AlikeLeaves(nodes.map((node) => node[ending]));
  return {
    literals,
    parameter: merge(nodes.flatMap((node) => node.parameter ?? [])),
    leaf: leavesAt("leaf"),
    slash: leavesAt("slash"),
    wildcard: leavesAt("wildcard"),
  };
}
