import type { ClientCall } from "../../policy/analysis/diff/client-comparer.ts";
import { diffPolicies, type PolicyDifference } from "../../policy/analysis/diff/diff-policies.ts";
import { jsonPath } from "../../policy/fault.ts";
import type { Policy } from "../../policy/policy.ts";
import { defineCommand } from "../args/command.ts";
import { EXIT, UsageError } from "../args/exit-code.ts";
import { decide } from "../decide.ts";
import { describeRouteChange } from "../diff/describe-route-change.ts";
import { formatDifference } from "../diff/format-difference.ts";
import { formatDifferenceMarkdown } from "../diff/format-difference-markdown.ts";
import { coloursFor, jsonOption, printJson } from "../output.ts";
import { DEFAULT_POLICY, loadPolicy } from "../policy-file/policy-source.ts";

/** The values of `--fail-on` with the kinds of change that fail; `undefined` stands for all kinds. */
const FAIL_ON = new Map<string, readonly string[] | undefined>([
  ["opened", ["opened"]],
  ["looser", ["opened", "looser", "incomparable"]],
  ["tighter", ["tighter", "removed", "incomparable"]],
  ["any", undefined],
]);

export default defineCommand({
  name: "diff",
  summary: "Compare two policies: which requests does the new one open or close? Exit code 1: see --fail-on.",
  options: {
    "fail-on": {
      type: "string",
      choices: [...FAIL_ON.keys()],
      description:
        "Fail if a request is now open to anyone, is looser (or open), is tighter or gone, or if anything changed.",
    },
    markdown: { type: "boolean", description: "Print Markdown, for a comment on a pull request." },
    ...jsonOption,
  },
  positionals: {
    old: { required: true, description: "The old policy: a file, git:REV, or git:REV:PATH." },
    new: { default: DEFAULT_POLICY, description: "The new policy." },
  },
  examples: ["git:main routes.json", "git:HEAD~1 git:HEAD --fail-on looser", "old.json new.json --markdown"],
  async run(args) {
    const { markdown, json, "fail-on": failOn } = args;
    if (markdown && json) throw new UsageError("Choose one of --markdown and --json.");
    const before = await loadPolicy(args.old);
    const after = await loadPolicy(args.new);
    const difference = decide(() => diffPolicies(before.policy, after.policy));
    if (json) printJson({ old: before.name, new: after.name, ...plain(difference, before.policy, after.policy) });
    else if (markdown) console.log(formatDifferenceMarkdown(difference, before, after));
    else console.log(formatDifference(difference, before, after, coloursFor()));
    return failOn !== undefined && isFinding(difference, FAIL_ON.get(failOn)) ? EXIT.findings : EXIT.fine;
  },
});

function isFinding({ routes, settings }: PolicyDifference, kinds: readonly string[] | undefined): boolean {
  return [...routes, ...settings].some(({ kind }) => kinds?.includes(kind) ?? true);
}

function plain({ routes, settings, clients }: PolicyDifference, before: Policy, after: Policy) {
  return {
    routes: routes.map((change) => describeRouteChange(change, before, after)),
    settings: settings.map(({ kind, path, message }) => ({ kind, path: jsonPath(path), message })),
    clients: clients.map(({ client, gained, lost }) => ({
      client,
      gained: gained.map(plainCall),
      lost: lost.map(plainCall),
    })),
  };
}

function plainCall({ methods, route, witness }: ClientCall) {
  return { methods, path: route.path, example: witness };
}
