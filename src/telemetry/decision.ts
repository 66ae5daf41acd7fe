import type { Reason } from "../answer/denial.ts";
import type { KeySource } from "../keys/key-set.ts";

/**
 * The line of the log that says how one request was decided. It never holds a token, or anything of a token that was
 * not verified. Members that are `undefined` are left out of the line.
 */
export interface Decision {
  readonly event: "decision";
  readonly request_id: string;
  readonly method: string;
  /** The pattern that matched. The path is not logged, because it may hold personal data. */
  readonly route: string | undefined;
  readonly decision: "allow" | "deny";
  readonly reason: Reason | undefined;
  /** What exactly was wrong. Callers are not told. */
  readonly detail: string | undefined;
  /** The status of the answer to the caller. */
  readonly status: number;
  /** The token's own `iss`. */
  readonly issuer: string | undefined;
  readonly client_id: string | undefined;
  readonly subject: string | undefined;
  /** The tenant, if the issuer has tenants. */
  readonly tenant: string | undefined;
  readonly required: readonly string[] | undefined;
  readonly granted: readonly string[] | undefined;
  readonly upstream: string | undefined;
  readonly upstream_status: number | undefined;
  /** The request was sent to the upstream twice, because the first connection failed. */
  readonly retried: true | undefined;
  /** The answer named an address of the upstream that no path of the gateway leads to. Only its path and query were sent. */
  readonly location_unmapped: true | undefined;
  readonly key_source: KeySource | undefined;
  readonly token_cache: "hit" | "miss" | undefined;
  /** The deployed version of the Worker. */
  readonly version: string | undefined;
}
