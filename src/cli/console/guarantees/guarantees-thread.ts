/** Proves guarantees in a thread of its own, because a policy with hundreds of them takes a minute. */
import { parentPort } from "node:worker_threads";
import { brokenGuarantees, type GuaranteesQuestion } from "./broken-guarantees.ts";

parentPort?.on("message", (question: GuaranteesQuestion) => {
  parentPort?.postMessage(brokenGuarantees(question));
});
