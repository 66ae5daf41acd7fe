import type { RequestFault } from "../../explain/asked-request.ts";
import { explainRequest } from "../../explain/explain-request.ts";
import type { AskedRequest } from "../../explain/explanation.ts";
import { policyOn } from "../../policy/analysis/reports.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Result } from "../../result.ts";
import { chosenDay } from "../args/day-option.ts";
import { EXIT, type ExitCode, UsageError } from "../args/exit-code.ts";
import { loadPolicy, placeOf } from "../policy-file/policy-source.ts";
import { coloursFor } from "../print/colours.ts";
import { printJson } from "../print/print-json.ts";
import { printLines } from "../print/print-lines.ts";
import { withProgress } from "../print/progress.ts";
import { chosenCaller, type ExplainArguments } from "./chosen-caller.ts";
import { formatExplanation } from "./format-explanation.ts";
import { withClientTitles } from "./with-client-titles.ts";

/**
 * Explains a request as the options say, and prints the explanation.
 *
 * @param scopes of `--scope`
 * @param askedOf the request, under the policy
 * @throws UsageError the options or the request are none
 */
export async function runExplain(
  args: ExplainArguments,
  scopes: readonly string[] | undefined,
  askedOf: (policy: Policy) => Result<AskedRequest, Omit<RequestFault, "member">>,
): Promise<ExitCode> {
  const callerOf = chosenCaller(args, scopes);
  const day = chosenDay(args.on, Date.now());
  const { loaded, explanation } = await withProgress(async (onStep) => {
    const read = await loadPolicy(args.policy, { from: "wrangler", environment: args.env });
    const loaded = { ...read, policy: policyOn(read.policy, day) };
    onStep("explaining the request");
    const asked = askedOf(loaded.policy);
    if (!asked.ok) throw new UsageError(`${asked.failure.message} ${asked.failure.hint}`);
    const explanation = await explainRequest(loaded.policy, asked.value, callerOf(loaded.policy));
    return { loaded, explanation };
  });
  if (args.json) printJson(explanation);
  else {
    const forPeople = withClientTitles(explanation, loaded.policy);
    printLines(formatExplanation(forPeople, (path) => placeOf(loaded, path), coloursFor()));
  }
  return explanation.outcome === "refused" ? EXIT.findings : EXIT.fine;
}
