import { Worker } from "node:worker_threads";
import { ownModule } from "../../../../installation.ts";
import type { ChangeAnswer, ChangeQuestion } from "./change-answer.ts";

/** How long a thread waits for the next question. Then it ends, because it keeps the memory of a large policy. */
const IDLE_MS = 30_000;

/**
 * Returns a function that runs `computeChange` in a thread. Ask one question at a time. The thread starts with the first
 * question, ends half a minute after the last answer or when it is stopped, and does not keep the process running.
 *
 * @param idleMs how long it waits for the next question, in milliseconds
 */
export function computeInThread(
  idleMs = IDLE_MS,
): (question: ChangeQuestion, stop?: AbortSignal) => Promise<ChangeAnswer> {
  let thread: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  const end = (): void => {
    void thread?.terminate();
    thread = undefined;
  };
  return async (question, stop) => {
    clearTimeout(idle);
    stop?.addEventListener("abort", end);
    thread ??= startThread();
    try {
      return await askThread(thread, question);
    } catch (error) {
      end();
      throw error;
    } finally {
      stop?.removeEventListener("abort", end);
      idle = setTimeout(end, idleMs).unref();
    }
  };
}

function startThread(): Worker {
  // The options of this process, such as those of a debugger or a test runner, are not for the thread.
  const thread = new Worker(ownModule("cli/console/change/compute/change-thread"), { execArgv: [] });
  thread.unref();
  return thread;
}

async function askThread(thread: Worker, question: ChangeQuestion): Promise<ChangeAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ChangeAnswer>();
  const exited = (): void => reject(new Error("The thread that compares policies ended early."));
  thread.once("message", resolve).once("error", reject).once("exit", exited);
  try {
    thread.postMessage(question);
    return await promise;
  } finally {
    thread.off("message", resolve).off("error", reject).off("exit", exited);
  }
}
