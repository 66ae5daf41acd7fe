/** The protocol between the callers and the upstream of the soak. */

/** The member `do` of the query tells the upstream what to do. */
export type Behaviour =
  /** Reads the body to its end, then answers with its `Echo`. */
  | "echo"
  /** Answers with `bytes` of the nonce's content. */
  | "download"
  /** An event stream of `EVENTS` events, one each `EVENT_INTERVAL_MS`. */
  | "events"
  /** An event stream that never ends. */
  | "endless"
  /** Never answers. */
  | "stall"
  /** Resets the connection instead of answering. */
  | "reset"
  /** Answers, and resets the connection in the middle of the body. */
  | "truncate"
  /** Answers 413 before it has read the body. */
  | "early";

export const EVENTS = 20;
export const EVENT_INTERVAL_MS = 50;

/** Header of every answer of the upstream: an `Echo` as JSON. */
export const ECHO_HEADER = "x-echo";

/** What reached the upstream of a request: each value that says whose request it is. */
export interface Echo {
  /** Last segment of the path. */
  readonly nonce: string;
  readonly requestId: string | undefined;
  readonly subject: string | undefined;
  readonly clientId: string | undefined;
  /** Must be absent: the caller's own token may not reach the upstream. */
  readonly authorization: string | undefined;
  /** Length of the body, every byte of which is the nonce's content; absent if the body was not read. */
  readonly contentBytes?: number | undefined;
}

/** Prefix of the nonce of a request that must not reach the upstream. */
export const REFUSED_PREFIX = "refused-";
/** Prefix of the nonce of a request that its caller leaves before the body is sent. */
export const UNFINISHED_PREFIX = "unfinished-";

/** Counters of the upstream. */
export interface UpstreamReport {
  readonly received: number;
  /** Requests with `REFUSED_PREFIX`. */
  readonly refused: number;
  /** Requests with `UNFINISHED_PREFIX` whose body arrived as if it were complete. */
  readonly takenForFinished: number;
  /** Requests that are neither answered completely nor aborted. */
  readonly open: number;
}
