import { adviseOnLog } from "../../advise/advise-on-log.ts";
import { describeAdvice } from "../../advise/describe-advice.ts";
import { formatAdvice } from "../../advise/format-advice.ts";
import { formatPatch } from "../../advise/format-patch.ts";
import { patchPolicy } from "../../advise/patch-policy.ts";
import { defineCommand } from "../../args/command.ts";
import { chosenDay, dayOption } from "../../args/day-option.ts";
import { EXIT, InputError, UsageError } from "../../args/exit-code.ts";
import { logOption, readDecisions } from "../../decisions/read-decisions.ts";
import { jsonOption } from "../../output.ts";
import { environmentOption, loadPolicy, policyOption } from "../../policy-file/policy-source.ts";
import { coloursFor } from "../../print/colours.ts";
import { printJson } from "../../print/print-json.ts";
import { printLines } from "../../print/print-lines.ts";
import { withProgress } from "../../print/progress.ts";

export default defineCommand({
  name: "advise",
  summary:
    "Read decision lines: which scopes does each client need, and which never? Exit code 1: --patch must not write what it found.",
  options: {
    ...logOption,
    ...policyOption,
    ...environmentOption,
    patch: {
      type: "boolean",
      description:
        "Take the scopes that were never needed from `clients`, if that only closes and refuses no call of the log.",
    },
    ...dayOption,
    ...jsonOption,
  },
  positionals: {},
  examples: ["--log decisions.log", "--log decisions.log --env production --patch", "--log - --json < decisions.log"],
  async run(args) {
    if (args.patch && args.policy.startsWith("git:"))
      throw new UsageError("The policy of a commit cannot be changed. Name a file with --policy.");
    if (args.patch && args.log === "-") throw new UsageError("--patch reads the log twice, so --log must be a file.");
    if (args.on !== undefined && !args.patch)
      throw new UsageError("--on needs --patch: only the patch depends on a day.");
    const day = chosenDay(args.on, Date.now());
    const { loaded, advice, patch } = await withProgress(async (onStep) => {
      const variables = { from: "wrangler", environment: args.env } as const;
      const loaded = await loadPolicy(args.policy, variables);
      const advice = await adviseOnLog(loaded.policy, readDecisions(args.log), onStep);
      if (advice.summary.lines === 0) throw new InputError(`${args.log}: There is no decision line in the log.`);
      return {
        loaded,
        advice,
        patch: args.patch ? await patchPolicy(advice, loaded, args.log, variables, day, onStep) : undefined,
      };
    });
    if (args.json) printJson(describeAdvice(advice, loaded.name, args.log, patch));
    else {
      printLines(formatAdvice(advice, loaded.policy, args.log, coloursFor()));
      if (patch) printLines(formatPatch(patch, loaded));
    }
    return patch && patch.why.length > 0 ? EXIT.findings : EXIT.fine;
  },
});
