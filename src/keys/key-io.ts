import type { IssuerFetch } from "./issuer.ts";
import type { KeyLog } from "./journal.ts";
import type { KeyNamespace } from "./kv.ts";

/** Everything outside that key sets depend on. Passed in, so that the same code runs under a simulated clock. */
export interface KeyIo {
  /** The `JWKS` binding. */
  readonly kv: KeyNamespace;
  readonly fetch: IssuerFetch;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: Sleep;
  readonly log: KeyLog;
}

/** Resolves after some milliseconds of the clock that `now` reads. */
export type Sleep = (ms: number) => Promise<void>;
