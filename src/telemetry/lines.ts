/** The lines of the log that do not tell how one request was decided. Members that are `undefined` are left out. */

import type { Reason } from "../answer/denial.ts";

/** A bug, or a fault of the platform. At error level. */
export interface ErrorLine {
  readonly event: "error";
  readonly request_id: string;
  /** Without credentials. */
  readonly message: string;
  /** Without credentials. */
  readonly stack: string | undefined;
}

/** An answer was cut off, because its upstream stopped sending the body. At error level. */
export interface CutOffLine {
  readonly event: "body-cut-off";
  readonly request_id: string;
  /** Name of the upstream. */
  readonly upstream: string;
  readonly idle_timeout_ms: number;
}

/** The list of revocations could not be read (first of a row), or can be read again. */
export interface RevocationsLine {
  readonly event: "revocations";
  readonly change: "read-failed" | "recovered";
  /** Why it could not be read. */
  readonly code: "read-failed" | "read-timeout" | "list-unreadable" | undefined;
}

/** The dataset of `telemetry.metrics` refused a data point. At error level, once for each isolate. */
export interface MetricsFailedLine {
  readonly event: "metrics-failed";
  /** Without credentials. */
  readonly message: string;
}

/** The policy and its candidate decide differently on a request, or nobody knows whether they do. */
export interface ShadowLine {
  readonly event: "shadow";
  /** As in the decision line of the same request. */
  readonly request_id: string;
  readonly method: string;
  /** The verified token's `iss`. */
  readonly issuer: string | undefined;
  readonly client_id: string | undefined;
  /** The pattern that matched under the policy. */
  readonly route: string | undefined;
  readonly decision: "allow" | "deny" | "would-deny" | "error";
  readonly reason: Reason | undefined;
  /** Name of the upstream that gets the request under the policy. */
  readonly upstream: string | undefined;
  /** The same under the candidate. */
  readonly shadow_route: string | undefined;
  /** `unknown`: it depends on what nobody has checked. */
  readonly shadow_decision: "allow" | "deny" | "would-deny" | "error" | "unknown";
  readonly shadow_reason: Reason | undefined;
  readonly shadow_upstream: string | undefined;
  /** Digest of the candidate. */
  readonly shadow_policy: string | undefined;
}

/** The candidate policy cannot judge, or failed at a request. At error level, once for each isolate. */
export interface ShadowFailedLine {
  readonly event: "shadow-failed";
  /** Without credentials. */
  readonly message: string;
}

/**
 * A rate limit could not be counted, so its requests go on uncounted. At error level, once for each limit and isolate.
 */
export interface RateLimitFailedLine {
  readonly event: "rate-limit-failed";
  /** Name of the limit. */
  readonly rate_limit: string;
  /** Without credentials. */
  readonly message: string;
}

/** The policy has faults with the vars and bindings of the Worker, so nothing is served. At error level. */
export interface PolicyInvalidLine {
  readonly event: "policy-invalid";
  readonly faults: readonly string[];
}
