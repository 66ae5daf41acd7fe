import type { Reason } from "../answer/denial.ts";
import type { KeySource } from "../keys/key-set.ts";

/**
 * What was decided about one request: one line of the log. Never holds a token, nor anything of one that was not
 * verified. `undefined` members are left out of the line.
 */
export interface Decision {
  readonly event: "decision";
  readonly request_id: string;
  readonly method: string;
  /** The pattern that matched, not the path: paths may hold personal data. */
  readonly route: string | undefined;
  readonly decision: "allow" | "deny";
  readonly reason: Reason | undefined;
  /** What exactly was wrong; stays inside. */
  readonly detail: string | undefined;
  /** Of the answer the caller got. */
  readonly status: number;
  readonly issuer: string | undefined;
  readonly client_id: string | undefined;
  readonly subject: string | undefined;
  readonly required: readonly string[] | undefined;
  readonly granted: readonly string[] | undefined;
  readonly upstream: string | undefined;
  readonly upstream_status: number | undefined;
  readonly key_source: KeySource | undefined;
  readonly token_cache: "hit" | "miss" | undefined;
  /** Of the deployed Worker. */
  readonly version: string | undefined;
}
