import type { Policy } from "../../policy/policy.ts";
import { decide } from "../decide.ts";
import { requestsOf } from "../decisions/decision-line.ts";
import { readDecisions } from "../decisions/read-decisions.ts";
import { readingStep } from "../decisions/reading-step.ts";
import { counted } from "../output.ts";
import { Replay } from "../replay/replay.ts";

/**
 * Why a replay of the log speaks against a tightened policy, in sentences for people. Empty: no request is refused that
 * the policy before lets through. Requests that the policy before would refuse, too, do not count.
 *
 * @param log name of a file: it is read a second time
 * @param lines how many decision lines the first reading found
 * @throws InputError the log cannot be read, or the policies are too complex
 */
export async function faultsInReplay(
  log: string,
  lines: number,
  before: Policy,
  after: Policy,
  onStep: (step: string) => void,
): Promise<readonly string[]> {
  const [was, is] = decide(() => [new Replay(before, before), new Replay(after, before)] as const);
  const { batches, counts } = readDecisions(log);
  for await (const batch of batches) {
    for (const line of batch) for (const replay of [was, is]) replay.add(line, requestsOf(line));
    onStep(readingStep(counts));
  }
  if (counts.lines < lines) return [`${log}: The log cannot be read a second time. Give a file that does not change.`];
  const lost = is.result().changed["newly-refused"].lines - was.result().changed["newly-refused"].lines;
  return lost === 0 ? [] : [`A replay of the log would refuse ${counted(lost, "more request")}.`];
}
