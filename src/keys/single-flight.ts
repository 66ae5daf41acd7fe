import { COLD_POLL_MS } from "../limits.ts";
import { isAhead } from "./is-ahead.ts";
import type { KeyIo, WaitUntil } from "./key-io.ts";

/** One piece of work that has begun. Plain data, so that any request may read it. */
interface Flight {
  /** Epoch milliseconds from which the work counts as abandoned. */
  readonly deadline: number;
  isSettled: boolean;
}

/**
 * Work that one request does while others profit from its result (single flight).
 *
 * The others never await the promise of that work: a Worker ties I/O to the request that began it, and awaiting across
 * requests hangs or throws. They read plain values on a short timer instead. Work that does not settle within the limit
 * counts as abandoned, because the request that began it may have died; then another request may begin.
 */
export class SingleFlight {
  readonly #io: Pick<KeyIo, "now" | "sleep">;
  readonly #limitMs: number;
  #latest: Flight | undefined;

  /** `limitMs`: how long work may take before it counts as abandoned. */
  constructor(io: Pick<KeyIo, "now" | "sleep">, limitMs: number) {
    this.#io = io;
    this.#limitMs = limitMs;
  }

  /** Whether the latest work goes on: it has neither settled nor been abandoned. */
  get isPending(): boolean {
    return this.#isPending(this.#latest);
  }

  /**
   * Begins work for the current request. The work also goes to `waitUntil`, so that it continues when its caller hangs
   * up. Does not check whether other work is pending. Rejects if `work` does.
   */
  begin<T>(work: () => Promise<T>, waitUntil: WaitUntil): Promise<T> {
    const flight: Flight = { deadline: this.#io.now() + this.#limitMs, isSettled: false };
    this.#latest = flight;
    const result = work().finally(() => {
      flight.isSettled = true;
    });
    waitUntil(result);
    return result;
  }

  /** Waits until the work that is latest now has settled or is abandoned. Returns at once if none is pending. */
  async waitUntilSettled(): Promise<void> {
    const flight = this.#latest;
    while (this.#isPending(flight)) await this.#io.sleep(COLD_POLL_MS);
  }

  #isPending(flight: Flight | undefined): boolean {
    return flight !== undefined && !flight.isSettled && isAhead(flight.deadline, this.#io.now(), this.#limitMs);
  }
}
