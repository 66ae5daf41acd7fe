/** Compares versions of a policy in a thread of its own, so that the console answers other requests meanwhile. */
import { parentPort } from "node:worker_threads";
import type { ChangeQuestion } from "./change-answer.ts";
import { computeChange } from "./compute-change.ts";

parentPort?.on("message", async (question: ChangeQuestion) => {
  parentPort?.postMessage(await computeChange(question));
});
