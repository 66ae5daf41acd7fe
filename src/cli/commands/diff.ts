import { defineCommand } from "../args/command.ts";
import { chosenDay, dayOption } from "../args/day-option.ts";
import { EXIT, UsageError } from "../args/exit-code.ts";
import { ALL_KINDS, type AnyChangeKind, hasKind, kindsFailing } from "../diff/change-kinds.ts";
import { comparePolicies } from "../diff/compare-environments.ts";
import { describeDifference } from "../diff/describe-difference.ts";
import { formatDifference } from "../diff/format-difference.ts";
import { formatDifferenceMarkdown } from "../diff/format-difference-markdown.ts";
import { jsonOption } from "../output.ts";
import { DEFAULT_POLICY, readPolicySource } from "../policy-file/policy-source.ts";
import { coloursFor } from "../print/colours.ts";
import { printMarkdown } from "../print/markdown.ts";
import { printJson } from "../print/print-json.ts";
import { printLines } from "../print/print-lines.ts";
import { withProgress } from "../print/progress.ts";

const LEVELS = ["opened", "looser", "tighter", "any"] as const;
type Level = (typeof LEVELS)[number];

/** The kinds of change that fail at a level. */
function kindsAt(level: Level): readonly AnyChangeKind[] {
  return level === "any" ? ALL_KINDS : kindsFailing(level);
}

export default defineCommand({
  name: "diff",
  summary: "Compare two policies: which requests does the new one open or close? Exit code 1: see --fail-on.",
  options: {
    "fail-on": {
      type: "string",
      choices: LEVELS,
      description: `Fail on some kinds of change. ${LEVELS.filter((level) => level !== "any")
        .map((level) => `${level}: ${kindsAt(level).join(", ")}.`)
        .join(" ")} any: every kind.`,
    },
    env: {
      type: "string",
      description: "Compare with the vars and bindings of this environment of wrangler's file only; default: all.",
    },
    markdown: { type: "boolean", description: "Print Markdown, for a comment on a pull request." },
    ...dayOption,
    ...jsonOption,
  },
  positionals: {
    old: { required: true, description: "The old policy: a file, git:REV, or git:REV:PATH." },
    new: { default: DEFAULT_POLICY, description: "The new policy." },
  },
  examples: [
    "git:main routes.json",
    "git:HEAD~1 git:HEAD --fail-on looser",
    "git:main routes.json --env production",
    "git:main routes.json --on 2027-02-01",
    "old.json new.json --markdown",
  ],
  async run(args) {
    const { markdown, json, "fail-on": failOn } = args;
    if (markdown && json) throw new UsageError("Choose one of --markdown and --json.");
    const day = chosenDay(args.on, Date.now());
    const [old, now] = [readPolicySource(args.old), readPolicySource(args.new)];
    const { before, after, difference } = await withProgress((onStep) =>
      comparePolicies(old, now, day, args.env, onStep),
    );
    if (json)
      printJson({ old: before.name, new: after.name, ...describeDifference(difference, before.policy, after.policy) });
    else if (markdown) printMarkdown(formatDifferenceMarkdown(difference, before, after));
    else printLines(formatDifference(difference, before, after, coloursFor()));
    return failOn !== undefined && hasKind(difference, kindsAt(failOn)) ? EXIT.findings : EXIT.fine;
  },
});
