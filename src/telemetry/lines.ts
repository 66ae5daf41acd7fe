/** The lines of the log that are not about one decision. Members that are `undefined` are left out. */

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

/** The policy has faults with the vars and bindings of the Worker, so nothing is served. At error level. */
export interface PolicyInvalidLine {
  readonly event: "policy-invalid";
  readonly faults: readonly string[];
}
