import type { RouteGroup } from "../../../policy.ts";

/**
 * Two paths that many servers read alike, and the routes that the gateway takes for each. The group may be the same for
 * both.
 */
export interface Sibling {
  /** The routes of the path as it is meant. */
  readonly own: RouteGroup;
  /** The routes of the other spelling. */
  readonly other: RouteGroup;
  /** The other spelling, in canonical form. */
  readonly path: string;
  /** The host of both; `undefined`: any host that no route names. */
  readonly host: string | undefined;
  /** Whether the other routes name more of the path than the own ones, which have a `*` there. */
  readonly isBelow: boolean;
}

/** What a search found. */
export interface FoundSiblings {
  readonly siblings: readonly Sibling[];
  /** Whether the search found all of them. `false`: the patterns overlap too much, so it was cut short. */
  readonly isComplete: boolean;
}
