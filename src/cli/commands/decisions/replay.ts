import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { defineCommand } from "../../args/command.ts";
import { EXIT } from "../../args/exit-code.ts";
import { decide } from "../../decide.ts";
import { requestsOf } from "../../decisions/decision-line.ts";
import { logOption, readDecisions } from "../../decisions/read-decisions.ts";
import { readingStep } from "../../decisions/reading-step.ts";
import { jsonOption } from "../../output.ts";
import { DEFAULT_POLICY, environmentOption, loadPolicy, policyOption } from "../../policy-file/policy-source.ts";
import { coloursFor } from "../../print/colours.ts";
import { printJson } from "../../print/print-json.ts";
import { printLines } from "../../print/print-lines.ts";
import { withProgress } from "../../print/progress.ts";
import { describeReplay } from "../../replay/describe-replay.ts";
import { formatReplay } from "../../replay/format-replay.ts";
import { Replay } from "../../replay/replay.ts";

export default defineCommand({
  name: "replay",
  summary: "Replay the decisions of a log: which requests would end otherwise? Exit code 1: some would.",
  options: {
    ...logOption,
    ...policyOption,
    before: {
      type: "string",
      valueHint: "file",
      description: `The policy that wrote the log. Default: ${DEFAULT_POLICY}, if it is there and --policy is another.`,
    },
    ...environmentOption,
    ...jsonOption,
  },
  positionals: {},
  examples: [
    "--log decisions.jsonl --policy routes.next.json",
    "--log decisions.jsonl --before git:HEAD --env production",
    "--log - --policy routes.next.json --json < decisions.jsonl",
  ],
  async run(args) {
    const before = args.before ?? defaultBefore(args.policy);
    const { result, counts, names } = await withProgress(async (onStep) => {
      // The issuers of the log are those of an environment. A policy to try may lie where no wrangler file is.
      const variables = { from: "wrangler", environment: args.env } as const;
      const after = await loadPolicy(args.policy, { ...variables, orBeside: before ?? DEFAULT_POLICY });
      const old = before === undefined ? undefined : await loadPolicy(before, { ...variables, orBeside: args.policy });
      const replay = decide(() => new Replay(after.policy, old?.policy));
      const { counts, batches } = readDecisions(args.log);
      for await (const lines of batches) {
        for (const line of lines) replay.add(line, requestsOf(line));
        onStep(readingStep(counts));
      }
      return { result: replay.result(), counts, names: { policy: after.name, before: old?.name } };
    });
    if (args.json) printJson(describeReplay(result, counts, names));
    else printLines(formatReplay(result, counts, names, coloursFor()));
    return Object.values(result.changed).some(({ lines }) => lines > 0) ? EXIT.findings : EXIT.fine;
  },
});

/** The policy of the project wrote the log, unless it is the one to try. */
function defaultBefore(policy: string): string | undefined {
  return existsSync(DEFAULT_POLICY) && resolve(policy) !== resolve(DEFAULT_POLICY) ? DEFAULT_POLICY : undefined;
}
