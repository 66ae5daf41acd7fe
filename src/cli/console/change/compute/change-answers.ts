import type { ChangeAnswer, ChangeQuestion, ComparedChange } from "./change-answer.ts";

/** Answers that are kept: some tabs with revisions of their own, and the version before the last save. */
const MAX_KEPT = 8;

/** A question, and what tells it from any other. */
export interface VersionedQuestion {
  /** Differs whenever the answer may. */
  readonly version: string;
  readonly question: ChangeQuestion;
}

/**
 * Computes each answer once, however many pages ask for it, one after the other. When a newer question with the same
 * revision comes, an older one is not computed, or no longer: nobody will look at the answer. A comparison may take a
 * minute, if there are hundreds of guarantees.
 */
export class ChangeAnswers {
  readonly #compute: (question: ChangeQuestion, stop: AbortSignal) => Promise<ChangeAnswer>;
  /** The oldest first. `undefined`: a newer question came before it was computed. */
  readonly #answers = new Map<string, Promise<ChangeAnswer | undefined>>();
  readonly #settled = new Set<string>();
  /** The version that was asked for last, by `seriesOf`. */
  readonly #latest = new Map<string, string>();
  /** The last version that could be compared, by `seriesOf`. */
  readonly #compared = new Map<string, ComparedChange>();
  #queue: Promise<unknown> = Promise.resolve();
  /** What is being computed; `undefined`: nothing. */
  #running: { readonly series: string; readonly version: string; readonly stop: AbortController } | undefined;

  /** @param compute rejects when its signal is aborted, if it has not ended by then */
  constructor(compute: (question: ChangeQuestion, stop: AbortSignal) => Promise<ChangeAnswer>) {
    this.#compute = compute;
  }

  /**
   * The answer, if it is there in time; otherwise `undefined`, and it is being computed. Rejects for a bug.
   *
   * @param patienceMs how long to wait, in milliseconds
   */
  async answer(asked: VersionedQuestion, patienceMs: number): Promise<ChangeAnswer | undefined> {
    this.#stopOthers(asked);
    const answer = this.#answers.get(asked.version) ?? this.#enqueue(asked);
    if (this.#settled.has(asked.version)) return await answer;
    let timer: NodeJS.Timeout | undefined;
    const tired = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, patienceMs, undefined);
    });
    return await Promise.race([answer, tired]).finally(() => clearTimeout(timer));
  }

  /** Whether the answer is there. */
  has(version: string): boolean {
    return this.#settled.has(version);
  }

  /** The last version that could be compared with the revision of a question; `undefined`: none could be. */
  lastCompared(question: ChangeQuestion): ComparedChange | undefined {
    return this.#compared.get(seriesOf(question));
  }

  /** Notes which version is wanted now, and stops the comparison of an older one. */
  #stopOthers({ version, question }: VersionedQuestion): void {
    const series = seriesOf(question);
    keep(this.#latest, series, version);
    const running = this.#running;
    if (running?.series !== series || running.version === version) return;
    this.#answers.delete(running.version);
    running.stop.abort();
  }

  #enqueue({ version, question }: VersionedQuestion): Promise<ChangeAnswer | undefined> {
    const series = seriesOf(question);
    const answer = this.#queue.then(async () => {
      // Someone may have asked for the same version again since, which has an answer of its own then.
      const isKept = (): boolean => this.#answers.get(version) === answer;
      // Of many questions at once, only the last ones are kept: the other answers would be nowhere.
      if (!isKept()) return undefined;
      if ((this.#latest.get(series) ?? version) !== version) {
        this.#answers.delete(version);
        return undefined;
      }
      const stop = new AbortController();
      this.#running = { series, version, stop };
      try {
        const computed = await this.#compute(question, stop.signal);
        if (computed.kind === "compared") keep(this.#compared, series, computed);
        return computed;
      } catch (error) {
        if (!stop.signal.aborted) throw error;
        return undefined;
      } finally {
        this.#running = undefined;
        if (isKept()) this.#settled.add(version);
      }
    });
    this.#queue = answer.catch(() => {});
    const dropped = keep(this.#answers, version, answer);
    if (dropped !== undefined) this.#settled.delete(dropped);
    return answer;
  }
}

/** Versions of one policy that are compared with one revision, such as those that someone saves one after the other. */
function seriesOf({ policyName, revision, environment }: ChangeQuestion): string {
  return JSON.stringify([policyName, revision.name, environment]);
}

/** Puts a value at the end of a map, and drops the oldest one beyond the limit. Returns the key of what was dropped. */
function keep<Value>(map: Map<string, Value>, key: string, value: Value): string | undefined {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size <= MAX_KEPT || oldest === undefined) return undefined;
  map.delete(oldest);
  return oldest;
}
