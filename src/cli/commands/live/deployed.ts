import { defineCommand } from "../../args/command.ts";
import { EXIT, InputError } from "../../args/exit-code.ts";
import { TOP_LEVEL } from "../../check/check-policy.ts";
import { describeDifference } from "../../diff/describe-difference.ts";
import { gatewayOrigin } from "../../live/ask-gateway.ts";
import { compareLive, type LiveComparison } from "../../live/compare-live.ts";
import { formatLive } from "../../live/format-live.ts";
import { readReady } from "../../live/read-ready.ts";
import { jsonOption } from "../../output.ts";
import { policyOption, readPolicySource } from "../../policy-file/policy-source.ts";
import { coloursFor } from "../../print/colours.ts";
import { printJson } from "../../print/print-json.ts";
import { printLines } from "../../print/print-lines.ts";

export default defineCommand({
  name: "deployed",
  summary:
    "Ask a gateway which policy is live, find its commit, and compare it with the file. Exit code 1: the live policy does not mean the same, or that is not known.",
  options: {
    ...policyOption,
    env: {
      type: "string",
      description: `Compare with the vars and bindings of this environment of wrangler's file only, or "${TOP_LEVEL}". Default: all.`,
    },
    ...jsonOption,
  },
  positionals: {
    url: { required: true, description: "The gateway's origin: https, or http on loopback." },
  },
  examples: ["https://api.example.com", "https://api.example.com --env production --json"],
  async run(args) {
    const origin = gatewayOrigin(args.url);
    const source = readPolicySource(args.policy);
    const live = await readReady(origin);
    if (!live.ok) throw new InputError(live.failure.message);
    const result = await compareLive(live.value, source, args.env === TOP_LEVEL ? "" : args.env);
    if (args.json) printJson(plain(result));
    else printLines(formatLive(result, coloursFor()));
    return result.isSame === true ? EXIT.fine : EXIT.findings;
  },
});

function plain({ live, file, commit, search, gitFailure, comparison, compareFailure, isSame, closes }: LiveComparison) {
  return {
    url: live.origin,
    ready: live.isReady,
    live: live.digest ?? "invalid",
    policy: file.name,
    digest: file.digest,
    commit: commit && { id: commit.id, date: commit.date, subject: commit.subject, path: commit.path },
    search: search && {
      found: search.found.map(({ id }) => id),
      elsewhere: search.isElsewhere,
      looked: search.looked,
      faulty: search.faulty,
      cut: search.isCut,
      shallow: search.isShallow,
    },
    failure: gitFailure ?? compareFailure?.join(" "),
    same: isSame,
    closes,
    difference:
      comparison && describeDifference(comparison.difference, comparison.before.policy, comparison.after.policy),
  };
}
