import { segmentsOf } from "../../../routing/rewrite-path.ts";
import type { ImagePart, UpstreamImage } from "./upstream-image.ts";

/** Makes a segment that no pattern has as a literal. Equal numbers make equal segments. */
export type Fresh = (number: number) => string;

/** Paths of requests to one route that reach one path of its upstream: several only if its `*` is left out there. */
type Alternatives = readonly string[];

/**
 * Requests of two routes that reach one path of an upstream; `undefined`: no two requests with such a length of that
 * path do. The patterns match the paths of these requests. Whether more specific patterns win them is not looked at.
 * Segments that nothing fixes are fresh.
 *
 * @param length the number of segments of the upstream's path
 * @param slash whether it ends in a slash, if both routes end in a `*`
 * @param most how many segments a `*` that is left out is tried with
 */
export function meetingOf(
  one: UpstreamImage,
  other: UpstreamImage,
  { length, slash, most, fresh }: { length: number; slash: boolean; most: number; fresh: Fresh },
): readonly [Alternatives, Alternatives] | undefined {
  const [left, right] = [slotsOf(one, "a", length), slotsOf(other, "b", length)];
  if (left === undefined || right === undefined) return undefined;
  const values = new Values(fresh);
  for (const [at, slot] of left.entries()) if (!values.equate(slot, right[at] ?? slot)) return undefined;
  if (slash && !values.equate(left.at(-1) ?? NO_SLASH, SLASH)) return undefined;
  return [pathsOf(one, "a", left, values, most), pathsOf(other, "b", right, values, most)];
}

/** A segment of the upstream's path: a decoded literal, or a segment of one request. */
type Slot = { readonly literal: string } | { readonly key: string; readonly mayBeEmpty: boolean };

const SLASH: Slot = { literal: "" };
const NO_SLASH: Slot = { literal: "/" };

function slotsOf({ parts }: UpstreamImage, side: string, length: number): readonly Slot[] | undefined {
  const slots = parts.flatMap((part): readonly Slot[] => {
    if ("literal" in part) return [part];
    if ("at" in part) return [{ key: `${side}${part.at}`, mayBeEmpty: false }];
    const count = Math.max(1, length - parts.length + 1);
    // Only the last segment of a `*` can be a trailing slash, and only if it is not its first.
    return Array.from({ length: count }, (_, more) => ({
      key: `${side}${part.from + more}`,
      mayBeEmpty: more > 0 && more === count - 1,
    }));
  });
  return slots.length === length ? slots : undefined;
}

/** Segments of requests, some of which must be equal to one another or to a literal. */
class Values {
  readonly #fresh: Fresh;
  readonly #next = new Map<string, string>();
  readonly #literals = new Map<string, string>();
  readonly #full = new Set<string>();
  readonly #numbers = new Map<string, number>();

  constructor(fresh: Fresh) {
    this.#fresh = fresh;
  }

  /** Whether two slots can have one value, beside all that were equated before. */
  equate(one: Slot, other: Slot): boolean {
    if ("literal" in one) return "literal" in other ? one.literal === other.literal : this.#bind(other, one.literal);
    if ("literal" in other) return this.#bind(one, other.literal);
    const [from, to] = [this.#rootOf(one.key), this.#rootOf(other.key)];
    for (const { key, mayBeEmpty } of [one, other]) if (!mayBeEmpty) this.#full.add(this.#rootOf(key));
    if (from === to) return this.#isPossible(to);
    this.#next.set(from, to);
    if (this.#full.has(from)) this.#full.add(to);
    const literal = this.#literals.get(from);
    return literal === undefined ? this.#isPossible(to) : this.#bindRoot(to, literal);
  }

  /** The value of a segment, encoded. */
  of(key: string): string {
    const root = this.#rootOf(key);
    const literal = this.#literals.get(root);
    if (literal !== undefined) return encodeURIComponent(literal);
    const number = this.#numbers.get(root) ?? this.#numbers.size + 1;
    this.#numbers.set(root, number);
    return this.#fresh(number);
  }

  #bind({ key, mayBeEmpty }: Exclude<Slot, { literal: string }>, literal: string): boolean {
    const root = this.#rootOf(key);
    if (!mayBeEmpty) this.#full.add(root);
    return this.#bindRoot(root, literal);
  }

  #bindRoot(root: string, literal: string): boolean {
    const known = this.#literals.get(root) ?? literal;
    this.#literals.set(root, known);
    return known === literal && this.#isPossible(root);
  }

  #isPossible(root: string): boolean {
    return this.#literals.get(root) !== "" || !this.#full.has(root);
  }

  #rootOf(key: string): string {
    let root = key;
    for (let next = this.#next.get(root); next !== undefined; next = this.#next.get(root)) root = next;
    return root;
  }
}

/** The paths of requests with these values. */
function pathsOf(
  { route, parts }: UpstreamImage,
  side: string,
  slots: readonly Slot[],
  values: Values,
  most: number,
): Alternatives {
  const pathWith = (more: number): string => {
    const segments = segmentsOf(route.path).map((segment, at) => {
      if (segment.startsWith(":")) return values.of(`${side}${at}`);
      if (segment !== "*") return segment;
      return Array.from({ length: more + 1 }, (_, index) => values.of(`${side}${at + index}`)).join("/");
    });
    return `/${segments.join("/")}`;
  };
  if (parts.some(isRest)) return [pathWith(slots.length - parts.length)];
  if (!route.path.endsWith("/*")) return [pathWith(0)];
  const paths = Array.from({ length: most }, (_, more) => pathWith(more));
  return [...paths, ...paths.map((path) => `${path}/`)];
}

/** Whether a part is the `*` of the route's path. */
export function isRest(part: ImagePart): boolean {
  return "from" in part;
}
