interface Appointment {
  readonly at: number;
  readonly order: number;
  readonly act: () => void;
}

/**
 * A clock that only moves from one appointment to the next. Appointments at the same time happen in the order in which
 * they were made. Before each step it waits for `settled`, so that no work is left behind in the past.
 */
export class VirtualClock {
  readonly #settled: () => Promise<void>;
  #now: number;
  #made = 0;
  /** Binary heap: the earliest appointment comes first. */
  readonly #heap: Appointment[] = [];

  /**
   * @param start epoch milliseconds
   * @param settled resolves when nothing is left to do at the present time
   */
  constructor(start: number, settled: () => Promise<void>) {
    this.#now = start;
    this.#settled = settled;
  }

  /** Epoch milliseconds, a whole number like that of `Date.now`. */
  readonly now = (): number => this.#now;

  readonly sleep = (ms: number): Promise<void> =>
    new Promise((wake) => {
      this.at(this.#now + ms, wake);
    });

  /** Does `act` at a time, and in the next millisecond at the earliest: everything takes some time. */
  at(time: number, act: () => void): void {
    const appointment = { at: Math.max(this.#now + 1, Math.ceil(time)), order: this.#made++, act };
    const heap = this.#heap;
    let place = heap.length;
    for (let above = (place - 1) >> 1; place > 0 && isBefore(appointment, heap[above]); above = (place - 1) >> 1) {
      heap[place] = heap[above] as Appointment;
      place = above;
    }
    heap[place] = appointment;
  }

  /** Lets time pass until `end`, epoch milliseconds. */
  async runUntil(end: number): Promise<void> {
    await this.#settled();
    for (let next = this.#heap[0]; next !== undefined && next.at <= end; next = this.#heap[0]) await this.#step(next);
    this.#now = end;
  }

  /** Lets time pass for so many milliseconds. */
  advance(ms: number): Promise<void> {
    return this.runUntil(this.#now + ms);
  }

  /** Lets time pass as far as `work` needs, and returns its result. */
  async run<T>(work: Promise<T>): Promise<T> {
    let hasEnded = false;
    const end = () => {
      hasEnded = true;
    };
    work.then(end, end);
    await this.#settled();
    while (!hasEnded) {
      const next = this.#heap[0];
      if (next === undefined) throw new Error("Nothing is left that could end the work.");
      await this.#step(next);
    }
    return work;
  }

  async #step({ at }: Appointment): Promise<void> {
    this.#now = at;
    while (this.#heap[0]?.at === at) this.#takeFirst().act();
    await this.#settled();
  }

  #takeFirst(): Appointment {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) throw new Error("There is no appointment.");
    if (heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (isBefore(heap[below + 1], heap[below])) below += 1;
      const earlier = heap[below];
      if (earlier === undefined || !isBefore(earlier, last)) break;
      heap[place] = earlier;
      place = below;
    }
    heap[place] = last;
    return first;
  }
}

function isBefore(a: Appointment | undefined, b: Appointment | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
