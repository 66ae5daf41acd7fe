import type { LoadedPolicy } from "../../policy-file/policy-source.ts";
import type { GuaranteesAnswer, GuaranteesQuestion } from "./broken-guarantees.ts";

interface Latest {
  readonly loaded: LoadedPolicy;
  readonly day: string;
  readonly stop: AbortController;
  /** `undefined`: a newer policy came before it was proved. */
  readonly answer: Promise<GuaranteesAnswer | undefined>;
}

/**
 * Returns a function that proves the guarantees of the latest policy, once for all pages that ask. When another policy
 * or another day is asked for, the older proof is stopped: nobody will look at it.
 *
 * The function gives `undefined` if the answer is not there after `patienceMs` milliseconds; it is being computed then.
 * It rejects for a bug.
 *
 * @param prove rejects when its signal is aborted, if it has not ended by then. It is asked one question at a time
 */
export function latestGuarantees(
  prove: (question: GuaranteesQuestion, stop: AbortSignal) => Promise<GuaranteesAnswer>,
): (loaded: LoadedPolicy, day: string, patienceMs: number) => Promise<GuaranteesAnswer | undefined> {
  let latest: Latest | undefined;

  const start = (loaded: LoadedPolicy, day: string, before: Latest | undefined): Latest => {
    before?.stop.abort();
    const stop = new AbortController();
    const ended = before?.answer.catch(() => undefined) ?? Promise.resolve();
    const answer = ended.then(async () => {
      if (stop.signal.aborted) return undefined;
      try {
        return await prove({ policyName: loaded.name, text: loaded.text, day }, stop.signal);
      } catch (error) {
        if (stop.signal.aborted) return undefined;
        throw error;
      }
    });
    // A page that still waits meets the error. If none does, nobody has to hear of it.
    answer.catch(() => undefined);
    return { loaded, day, stop, answer };
  };

  return async (loaded, day, patienceMs) => {
    if (loaded.policy.guarantees.length === 0) return [];
    if (latest?.loaded !== loaded || latest.day !== day) latest = start(loaded, day, latest);
    let timer: NodeJS.Timeout | undefined;
    const tired = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, patienceMs, undefined);
    });
    return await Promise.race([latest.answer, tired]).finally(() => clearTimeout(timer));
  };
}
