import type { AlikeLiterals } from "./alike-leaves.ts";
import type { Front, Step } from "./path-front.ts";
import type { Own } from "./pattern-members.ts";

/** A path, as a chain of its segments from the last one to the root. */
export interface Trail {
  /** `undefined`: this is the root. */
  readonly from: Trail | undefined;
  /** The last segment, decoded. The root has none. */
  readonly segment: string;
  /** Whether the segment stands for all texts that no pattern has there. */
  readonly isFresh: boolean;
  /** The part of the pattern that the last segment matches. */
  readonly kind: Step["kind"];
  /** The literals for which one segment on the way stands. */
  readonly alike: AlikeLiterals | undefined;
}

/** A path that the walk of `pathClasses` has reached. What follows it keeps its trail only: a level may be large. */
export interface Place {
  readonly trail: Trail;
  /** The nodes of the pattern. In its wildcard it has none. */
  readonly own: Own;
  /**
   * In the pattern's wildcard: which trees lack the pattern. Elsewhere: which trees lack a pattern that goes on here.
   */
  readonly missing: number;
  readonly fronts: readonly Front[];
  /** The picks on the way, one bit each. */
  readonly picks: number;
}

/** A place to go to next. */
export interface NextPlace extends Pick<Place, "own" | "missing"> {
  readonly from: Place;
  readonly segment: string;
  readonly step: Step;
}

/**
 * The path of a trail, in canonical form; empty for the root.
 *
 * @param index which of the alike literals it has, if the trail stands for several
 */
export function pathTo(trail: Trail, index = 0): string {
  const segments: string[] = [];
  for (let at = trail; at.from; at = at.from) {
    const literal = at.from.alike === undefined ? at.alike?.literals[index] : undefined;
    segments.push(encodeSegment(literal ?? at.segment));
  }
  // The root stands for what is before the first slash.
  return ["", ...segments.reverse()].join("/");
}

/** The decoded segments of a trail; `undefined` for one that is not a literal. */
export function pinsOf(trail: Trail): readonly (string | undefined)[] {
  const pins: (string | undefined)[] = [];
  for (let at = trail; at.from; at = at.from) pins.push(at.isFresh ? undefined : at.segment);
  return pins.reverse();
}

/** The pattern that leads to the next place, as written in routes. Parameters have the name `name`. */
export function patternTo({ from, step, segment }: NextPlace): string {
  let pattern = partOf(step.kind, segment);
  for (let at = from.trail; at.from; at = at.from) {
    // The wildcard of a pattern stands for all segments from there on.
    if (at.kind !== "wildcard" || pattern !== "/*") pattern = partOf(at.kind, at.segment) + pattern;
  }
  return pattern;
}

function partOf(kind: Step["kind"], segment: string): string {
  if (kind === "wildcard") return "/*";
  return kind === "parameter" ? "/:name" : `/${encodeSegment(segment)}`;
}

/** Segments that are the same when they are encoded: nearly all. */
const PLAIN = /^[\w.~-]*$/;

/** Encodes a decoded segment for a canonical path. Reserved characters that do not delimit paths stay readable. */
export function encodeSegment(segment: string): string {
  if (PLAIN.test(segment)) return segment;
  return encodeURIComponent(segment).replace(/%(?:24|26|2B|2C|3A|3D|40)/g, decodeURIComponent);
}
