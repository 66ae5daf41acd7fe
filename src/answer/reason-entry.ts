import type { Stage } from "./stages.ts";

/** What follows from a reason. Callers get `status`, `title` and `detail`: all three are generic and safe. */
export interface ReasonEntry {
  /** The stage that refuses; `undefined`: the request failed before the stages or in any of them. */
  readonly stage: Stage | undefined;
  readonly status: number;
  readonly title: string;
  /** One or two sentences without `"` and `\`, so that they can stand in a challenge as they are. */
  readonly detail: string;
  /** `error` of the challenge (RFC 6750 3.1, RFC 9470 3); `none`: a challenge without one; absent: no challenge. */
  readonly challenge?:
    | "none"
    | "invalid_request"
    | "invalid_token"
    | "insufficient_scope"
    | "insufficient_user_authentication"
    | "invalid_dpop_proof"
    | "use_dpop_nonce";
}
