import { Worker } from "node:worker_threads";
import { ownModule } from "../../../installation.ts";

/** How long a thread waits for the next question. Then it ends, because it keeps the memory of a large policy. */
const IDLE_MS = 30_000;

/**
 * Returns a function that asks a module of its own thread, so that the console answers other requests meanwhile. The
 * module answers each message with one. Ask one question at a time. The thread starts with the first question, ends
 * half a minute after the last answer or when it is stopped, and does not keep the process running.
 *
 * @param module below `src`, without its ending
 * @param idleMs how long it waits for the next question, in milliseconds
 */
export function computeInThread<Question, Answer>(
  module: string,
  idleMs = IDLE_MS,
): (question: Question, stop?: AbortSignal) => Promise<Answer> {
  let thread: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  const end = (): void => {
    void thread?.terminate();
    thread = undefined;
  };
  return async (question, stop) => {
    clearTimeout(idle);
    stop?.addEventListener("abort", end);
    thread ??= startThread(module);
    try {
      return await askThread<Question, Answer>(thread, question);
    } catch (error) {
      end();
      throw error;
    } finally {
      stop?.removeEventListener("abort", end);
      idle = setTimeout(end, idleMs).unref();
    }
  };
}

function startThread(module: string): Worker {
  // The options of this process, such as those of a debugger or a test runner, are not for the thread.
  const thread = new Worker(ownModule(module), { execArgv: [] });
  thread.unref();
  return thread;
}

async function askThread<Question, Answer>(thread: Worker, question: Question): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const exited = (): void => reject(new Error("The thread of the console ended early."));
  thread.once("message", resolve).once("error", reject).once("exit", exited);
  try {
    thread.postMessage(question);
    return await promise;
  } finally {
    thread.off("message", resolve).off("error", reject).off("exit", exited);
  }
}
