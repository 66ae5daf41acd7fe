import type { Sleep } from "./key-io.ts";

/** Stands for a result that did not come in time. */
export const TIMED_OUT = Symbol("timed out");

/** Returns the result of `work`, or `TIMED_OUT` after `ms`. Does not stop the work; the caller does. */
export function withTimeLimit<T>(ms: number, sleep: Sleep, work: Promise<T>): Promise<T | typeof TIMED_OUT> {
  return Promise.race([work, sleep(ms).then((): typeof TIMED_OUT => TIMED_OUT)]);
}
