import type { Timeline } from "./timeline.ts";

/** The numbers that are counted per minute. */
export type Counted = "issuerRequests" | "kvReads" | "kvWrites" | "kvWritesRefused" | "refused" | "deferred";

/** The counts of a run. */
export class Tally {
  readonly #timeline: Timeline;
  readonly #byMinute: Readonly<Record<Counted, Float64Array>>;
  readonly #longestAccepted = new Map<string, number>();
  /** Simulated requests. Each stands for all requests that get the same answer. */
  visits = 0;
  births = 0;
  /** Epoch milliseconds of the last refusal of a valid token. */
  lastRefusedAt: number | undefined;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    const minutes = () => new Float64Array(timeline.scenario.minutes);
    this.#byMinute = {
      issuerRequests: minutes(),
      kvReads: minutes(),
      kvWrites: minutes(),
      kvWritesRefused: minutes(),
      refused: minutes(),
      deferred: minutes(),
    };
  }

  /** Counts at a time, epoch milliseconds. Ignores times before the start and after the end. */
  count(what: Counted, time: number, times = 1): void {
    const minute = this.#timeline.minute(time);
    const series = this.#byMinute[what];
    const before = series[minute];
    if (before !== undefined) series[minute] = before + times;
  }

  /** Notes that a key was accepted so long after the issuer withdrew it, in milliseconds. */
  removedKeyAccepted(kid: string, afterMs: number): void {
    this.#longestAccepted.set(kid, Math.max(afterMs, this.#longestAccepted.get(kid) ?? 0));
  }

  /** The longest time, in seconds, that a withdrawn key was still accepted. */
  longestAcceptedSeconds(kid: string): number {
    return (this.#longestAccepted.get(kid) ?? 0) / 1000;
  }

  longestOfAllSeconds(): number {
    return Math.max(0, ...this.#longestAccepted.values()) / 1000;
  }

  /** Per minute, from the start of the scenario. */
  series(what: Counted): Float64Array {
    return this.#byMinute[what];
  }

  total(what: Counted): number {
    return this.#byMinute[what].reduce((sum, count) => sum + count, 0);
  }
}
