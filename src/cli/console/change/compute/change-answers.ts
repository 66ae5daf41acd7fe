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
 * Computes each answer once, however many pages ask for it, one after the other. A question that waits while a newer
 * one with the same revision comes is not computed: nobody will look at the answer.
 */
export class ChangeAnswers {
  readonly #compute: (question: ChangeQuestion) => Promise<ChangeAnswer>;
  /** The oldest first. `undefined`: a newer question came before it was computed. */
  readonly #answers = new Map<string, Promise<ChangeAnswer | undefined>>();
  readonly #settled = new Set<string>();
  /** The version that was asked for last, by `seriesOf`. */
  readonly #latest = new Map<string, string>();
  /** The last version that could be compared, by `seriesOf`. */
  readonly #compared = new Map<string, ComparedChange>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(compute: (question: ChangeQuestion) => Promise<ChangeAnswer>) {
    this.#compute = compute;
  }

  /**
   * The answer, if it is there in time; otherwise `undefined`, and it is being computed. Rejects for a bug.
   *
   * @param patienceMs how long to wait, in milliseconds
   */
  async answer(asked: VersionedQuestion, patienceMs: number): Promise<ChangeAnswer | undefined> {
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

  #enqueue({ version, question }: VersionedQuestion): Promise<ChangeAnswer | undefined> {
    const series = seriesOf(question);
    keep(this.#latest, series, version);
    const answer = this.#queue.then(async () => {
      if ((this.#latest.get(series) ?? version) !== version) {
        this.#answers.delete(version);
        return undefined;
      }
      try {
        const computed = await this.#compute(question);
        if (computed.kind === "compared") keep(this.#compared, series, computed);
        return computed;
      } finally {
        if (this.#answers.has(version)) this.#settled.add(version);
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
