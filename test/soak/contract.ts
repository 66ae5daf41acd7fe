/** What the callers and the upstream of the soak agree on. */

/** What the upstream is asked to do, by the query's `do`. */
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

/** What the upstream was told of a request: whose it is by each way of telling. */
export interface Echo {
  /** Last segment of the path. */
  readonly nonce: string;
  readonly requestId: string | undefined;
  readonly subject: string | undefined;
  readonly clientId: string | undefined;
  /** The caller's own token, which must not arrive. */
  readonly authorization: string | undefined;
  /** Length of the body if it is the nonce's content to the last byte; absent where the body was not read. */
  readonly contentBytes?: number | undefined;
}

/** Beginning of the nonce of a request that must not reach the upstream. */
export const REFUSED_PREFIX = "refused-";
/** Beginning of the nonce of a request that its caller leaves before its body is sent. */
export const UNFINISHED_PREFIX = "unfinished-";

/** What the upstream has seen so far. */
export interface UpstreamReport {
  readonly received: number;
  /** Requests under `REFUSED_PREFIX`. */
  readonly refused: number;
  /** Requests under `UNFINISHED_PREFIX` whose body arrived as if it were whole. */
  readonly takenForFinished: number;
  /** Requests that are neither answered to the end nor broken off. */
  readonly open: number;
}
