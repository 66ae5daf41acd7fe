import type { Reason } from "../answer/denial.ts";
import type { Outcome } from "../explain/explanation.ts";

/** What the gateway does with a request. Plain data. */
export interface Decision {
  readonly outcome: Outcome;
  /** Why the request is refused; `undefined` if it is not. */
  readonly reason: Reason | undefined;
  /** Why the route would refuse the request, if it only reports at the time `now`; left out: it would not. */
  readonly wouldDeny?: Reason;
  /**
   * The status of a refusal or of a preflight's answer; `undefined`: the upstream or an endpoint of the gateway
   * answers.
   */
  readonly status: number | undefined;
  /** The path pattern of the route for this path and method, as the policy writes it. */
  readonly route: string | undefined;
  /** Name of the upstream that gets the request; `undefined` unless it is forwarded. */
  readonly upstream: string | undefined;
  /** Full names of all scopes that the route's requirement mentions; empty if it mentions none. */
  readonly required: readonly string[];
  /** Full names of the scopes that the token grants; `undefined` without an accepted token. */
  readonly granted: readonly string[] | undefined;
  /**
   * Whether the answer to a preflight allows the origin and the method; `undefined`: the request is not a preflight.
   */
  readonly preflight: "permitted" | "refused" | undefined;
  /** The reason in words, for people. */
  readonly why: string;
}
