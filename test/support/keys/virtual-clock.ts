interface Appointment {
  readonly at: number;
  readonly order: number;
  readonly act: () => void;
}

/** A clock that only moves from one appointment to the next. What is due at one time happens in the order it was made. */
export class VirtualClock {
  #now: number;
  #made = 0;
  /** Binary heap: the earliest appointment comes first. */
  readonly #heap: Appointment[] = [];

  /** `start`: epoch milliseconds. */
  constructor(start: number) {
    this.#now = start;
  }

  /** Epoch milliseconds, a whole number like that of `Date.now`. */
  readonly now = (): number => this.#now;

  readonly sleep = (ms: number): Promise<void> =>
    new Promise((wake) => {
      this.at(this.#now + ms, wake);
    });

  /** Does `act` at a time, at the earliest in the next millisecond: nothing happens in no time. */
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

  /** Lets time pass until `end`. Before each step waits for `settled`, so that no work is left behind in the past. */
  async run(end: number, settled: () => Promise<void>): Promise<void> {
    await settled();
    for (let next = this.#heap[0]; next !== undefined && next.at <= end; next = this.#heap[0]) {
      this.#now = next.at;
      while (this.#heap[0]?.at === this.#now) this.#takeFirst().act();
      await settled();
    }
    this.#now = end;
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
