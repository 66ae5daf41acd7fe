/** Everything outside that key sets depend on. It is passed in, so that the same code runs under a virtual clock. */
export interface KeyIo {
  /** The `JWKS` binding. */
  readonly kv: KeyNamespace;
  readonly fetch: IssuerFetch;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: Sleep;
  readonly log: KeyLog;
}

/** The part of a KV namespace that is used. */
export interface KeyNamespace {
  get(key: string, options: { type: "text"; cacheTtl: number }): Promise<string | null>;
  put(key: string, value: string, options: { expirationTtl: number }): Promise<void>;
}

/** The part of `fetch` that is used. */
export type IssuerFetch = (
  url: string,
  init: {
    readonly headers: Record<string, string>;
    readonly redirect: "manual";
    readonly cache: "no-store";
    readonly signal: AbortSignal;
  },
) => Promise<Response>;

/** Takes one structured log line. */
export type KeyLog = (line: Readonly<Record<string, unknown>>) => void;

/** Resolves after some milliseconds of the clock that `now` reads. */
export type Sleep = (ms: number) => Promise<void>;

/** Keeps work alive after the response: `ctx.waitUntil` of the current request or scheduled event. */
export type WaitUntil = (work: Promise<unknown>) => void;
