import type { Random } from "../model/random.ts";

interface State {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly published: readonly string[];
  readonly signing: string;
}

/** Most keys that a history has. */
export const KIDS: readonly string[] = Array.from({ length: 12 }, (_, index) => `k${index}`);

/** Most keys that are published at one time. */
const MOST_PUBLISHED = 5;

/** Which keys an issuer publishes and signs with in the course of one history. Times are epoch milliseconds. */
export class PublishedKeys {
  readonly #states: State[];
  /** How far the issuer's caches lag behind it. */
  readonly #lagMs: number;

  /**
   * Makes random rotations: hard cuts, overlaps, removals, returns to the keys before, and keys that sign first.
   *
   * @param mostLateMs how long a key may sign before it is published
   */
  constructor(random: Random, start: number, end: number, lagMs: number, mostLateMs: number) {
    this.#lagMs = lagMs;
    this.#states = [{ from: Number.NEGATIVE_INFINITY, published: ["k0"], signing: "k0" }];
    let made = 0;
    for (let from = start; ; ) {
      from += random.exponential(random.pick([2_000, 20_000, 200_000]));
      if (from > end) return;
      const { published, signing } = this.at(from);
      made += 1;
      const fresh = KIDS[made % KIDS.length] ?? "k0";
      const together = [...published.filter((kid) => kid !== fresh), fresh].slice(-MOST_PUBLISHED);
      const before = this.#states.at(-2);
      const kind = random.pick(["cut", "overlap", "removal", "return", "late"]);
      if (kind === "cut") this.#states.push({ from, published: [fresh], signing: fresh });
      if (kind === "overlap") this.#states.push({ from, published: together, signing: fresh });
      if (kind === "removal") this.#states.push({ from, published: [signing], signing });
      if (kind === "return" && before !== undefined) this.#states.push({ ...before, from });
      if (kind === "late") {
        this.#states.push({ from, published, signing: fresh });
        from += random.between(0, mostLateMs);
        this.#states.push({ from, published: together, signing: fresh });
      }
    }
  }

  at(time: number): State {
    const state = this.#states.findLast(({ from }) => from <= time);
    if (state === undefined) throw new Error("The first state has no beginning.");
    return state;
  }

  /** Whether all caches of the issuer have had the key for the whole of that time. */
  isEverywhere(kid: string, from: number, until: number): boolean {
    const first = from - this.#lagMs;
    if (!this.at(first).published.includes(kid)) return false;
    return this.#states.every((state) => state.from <= first || state.from > until || state.published.includes(kid));
  }

  /** When the last cache lost the key; `Infinity` if one may still have it, `-Infinity` if none ever had it. */
  goneSince(kid: string, now: number): number {
    const index = this.#states.findLastIndex(({ from, published }) => from <= now && published.includes(kid));
    if (index < 0) return Number.NEGATIVE_INFINITY;
    const until = (this.#states[index + 1]?.from ?? Number.POSITIVE_INFINITY) + this.#lagMs;
    return until >= now ? Number.POSITIVE_INFINITY : until;
  }
}
