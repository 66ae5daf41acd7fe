import { admitsAnyone, meets } from "../../authorize.ts";
import type { Requirement, Upstream } from "../../policy.ts";
import type { Access } from "../formulas/access.ts";
import { createPinned, type Pins, pinnedSegments } from "../formulas/with-atoms.ts";
import { ENCODED_SLASH, nonEmptySubsets, PATH_PARAMETERS, withSuffix } from "../paths/segment-variants.ts";
import type { ClassCall, Serving } from "./class-call.ts";

/** The tokens that a requirement of one policy admits: see `AccessOf.byIssuer`. */
export type AccessTo = (requirement: Requirement, pins?: Pins) => Access;

/** A request that only some upstreams may get, and the routes that serve it under each policy. */
export interface CallVariant {
  readonly before: Serving | undefined;
  readonly after: Serving | undefined;
  readonly call: ClassCall;
  /** What sets it apart from the request of its class, for people. */
  readonly note: string;
  /** Whether the routes of the request of its class serve it, too. Then only what differs from that request is news. */
  readonly isServedByBoth: boolean;
}

/** Something in a path that only some upstreams may get. */
interface Oddity {
  readonly allowed: "allowPathParameters" | "allowEncodedSlash";
  /** The words for a change of such requests. */
  readonly note: string;
  /** What stands behind a segment. */
  readonly text: string;
  /** The segments that can have it, with the same routes, from 0. */
  readonly segmentsOf: (call: ClassCall) => readonly number[];
}

const PARAMETERS: Oddity = {
  allowed: "allowPathParameters",
  note: "with path parameters",
  text: PATH_PARAMETERS,
  segmentsOf: ({ path }) => segmentsOf(path),
};
const SLASH: Oddity = {
  allowed: "allowEncodedSlash",
  note: "with an encoded slash",
  text: ENCODED_SLASH,
  segmentsOf: freeSegments,
};

/**
 * Finds the variants of requests that differ from the request of their class: requests with path parameters, and
 * requests with an encoded slash. They differ if only one of the policies serves them. They can also differ if both do
 * and a condition looks at a segment that has such a thing, because no claim equals the segment.
 */
export class CallVariants {
  readonly #accessTo: readonly [AccessTo, AccessTo];
  readonly #restricted = createPinned();

  constructor(accessTo: readonly [AccessTo, AccessTo]) {
    this.#accessTo = accessTo;
  }

  /**
   * Where only one policy serves a variant, one variant stands for all, if some callers can make it. It has a segment
   * that no condition looks at. Without such a segment, there is a variant for each segment, because the callers may
   * differ.
   *
   * @throws UndecidedError `too-many-path-classes`
   */
  of(old: Serving | undefined, now: Serving | undefined, call: ClassCall): readonly CallVariant[] {
    // Nearly all upstreams take neither, and there may be hundreds of thousands of classes.
    if (takesNone(old) && takesNone(now)) return NONE;
    return [
      ...this.#variants(PARAMETERS, old, now, call),
      // Path parameters can be in all segments that can have an encoded slash, and bring the same.
      ...this.#variants(SLASH, old, now, call, takes(old, PARAMETERS) && takes(now, PARAMETERS)),
    ];
  }

  #variants(
    oddity: Oddity,
    old: Serving | undefined,
    now: Serving | undefined,
    call: ClassCall,
    isCovered = false,
  ): readonly CallVariant[] {
    const [could, can] = [takes(old, oddity), takes(now, oddity)];
    if (!could && !can) return NONE;
    if (could && can) {
      const looked = [...new Set([...segmentsLookedAt(old), ...segmentsLookedAt(now)])];
      // Nearly no condition looks at paths.
      if (looked.length === 0 || isCovered) return NONE;
      const open = oddity.segmentsOf(call);
      return nonEmptySubsets(looked.filter((segment) => open.includes(segment))).map((segments) =>
        this.#variant(oddity, old, now, call, segments, true),
      );
    }
    const open = oddity.segmentsOf(call);
    const [before, after] = could ? [old, undefined] : [undefined, now];
    const looked = segmentsLookedAt(before ?? after);
    const free = open.find((segment) => !looked.includes(segment));
    return (free === undefined ? open : [free])
      .map((segment) => this.#variant(oddity, before, after, call, [segment], false))
      .filter((variant) => isCallable(variant.before ?? variant.after));
  }

  #variant(
    { text, note }: Oddity,
    old: Serving | undefined,
    now: Serving | undefined,
    call: ClassCall,
    segments: readonly number[],
    isServedByBoth: boolean,
  ): CallVariant {
    return {
      before: this.#on(0, old, segments, call.pins),
      after: this.#on(1, now, segments, call.pins),
      call: { ...call, path: withSuffix(call.path, segments, text) },
      note,
      isServedByBoth,
    };
  }

  /** How a policy serves a request in which no claim equals some segments. */
  #on(side: 0 | 1, serving: Serving | undefined, segments: readonly number[], pins: Pins = []): Serving | undefined {
    if (serving === undefined) return undefined;
    const unequal: (null | undefined)[] = [];
    for (const segment of segments) unequal[segment] = null;
    const requirement = this.#restricted(serving.requirement, unequal);
    if (requirement === serving.requirement) return serving;
    return { route: serving.route, requirement, access: this.#accessTo[side](requirement, pins) };
  }
}

const NONE: readonly CallVariant[] = [];

/** Which variants of a request an upstream may get, as a number: equal for upstreams that may get the same. */
export function variantsTaken({ allowPathParameters, allowEncodedSlash }: Upstream): number {
  return (allowPathParameters ? 1 : 0) + (allowEncodedSlash ? 2 : 0);
}

function takesNone(serving: Serving | undefined): boolean {
  return serving === undefined || variantsTaken(serving.route.upstream) === 0;
}

function takes(serving: Serving | undefined, { allowed }: Oddity): boolean {
  return serving?.route.upstream[allowed] ?? false;
}

function segmentsLookedAt(serving: Serving | undefined): readonly number[] {
  return serving ? pinnedSegments(serving.requirement) : [];
}

/** Whether some token is enough, or none is needed. */
function isCallable(serving: Serving | undefined): boolean {
  if (serving === undefined) return false;
  return admitsAnyone(serving.requirement) || serving.access.some((formula) => meets(formula, EVERYTHING));
}

const EVERYTHING = { has: () => true };

/** The segments of a path. The root has none, and a trailing slash begins none. */
function segmentsOf(path: string): readonly number[] {
  return path
    .slice(1)
    .split("/")
    .flatMap((text, at) => (text === "" ? [] : [at]));
}

/**
 * The segments for which neither policy has a literal. With an encoded slash in one, the same routes serve the path: no
 * literal equals the new segment, so no pattern matches that did not match before.
 */
function freeSegments({ path, groups }: ClassCall): readonly number[] {
  const patterns = groups.flatMap((group) => (group ? [group.shape.split("/").slice(1)] : []));
  // Behind the end of a pattern, its `*` goes on.
  return segmentsOf(path).filter((at) => patterns.every((parts) => /^[:*]/.test(parts[at] ?? "*")));
}
