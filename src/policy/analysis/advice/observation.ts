import type { Requirement, Route } from "../../policy.ts";

/** How many calls ended in one way. */
export interface Tally {
  /** How many were seen. */
  readonly seen: number;
  /** How many requests they stand for, where only a share was written. */
  readonly requests: number;
}

export const NO_CALLS: Tally = { seen: 0, requests: 0 };

/** What one client did on one route, with tokens that grant the same scopes. */
export interface Observation {
  readonly route: Route;
  /**
   * The requirements of which one decided: more than one where routes of several hosts share the pattern. Empty: what
   * decided is unknown.
   */
  readonly requirements: readonly Requirement[];
  /** Full names of the scopes that the tokens granted, without those that they imply. */
  readonly granted: readonly string[];
  /** The calls that were let through. */
  readonly permitted: Tally;
  /** The calls that were refused for want of scopes. */
  readonly refused: Tally;
}

/** A client, as its tokens name it, and what was seen of it. */
export interface ObservedClient {
  /** Name of its issuer. */
  readonly issuer: string;
  /** Its client id; `undefined`: its tokens name none. */
  readonly id: string | undefined;
  readonly observations: readonly Observation[];
}

export function sumOf(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, { seen, requests }) => ({ seen: sum.seen + seen, requests: sum.requests + requests }),
    NO_CALLS,
  );
}
