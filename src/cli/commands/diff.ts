import type { ClientCall } from "../../policy/analysis/diff/client-comparer.ts";
import type { PolicyDifference } from "../../policy/analysis/diff/diff-policies.ts";
import type { ChangeKind } from "../../policy/analysis/diff/route-comparer.ts";
import type { SettingChange } from "../../policy/analysis/diff/setting-change.ts";
import { jsonPath } from "../../policy/fault.ts";
import type { Policy } from "../../policy/policy.ts";
import { defineCommand } from "../args/command.ts";
import { EXIT, UsageError } from "../args/exit-code.ts";
import { clientAssumption } from "../diff/client-assumption.ts";
import { comparePolicies } from "../diff/compare-environments.ts";
import { describeRouteChange } from "../diff/describe-route-change.ts";
import { formatDifference } from "../diff/format-difference.ts";
import { formatDifferenceMarkdown } from "../diff/format-difference-markdown.ts";
import { jsonOption } from "../output.ts";
import { DEFAULT_POLICY, readPolicySource } from "../policy-file/policy-source.ts";
import { coloursFor } from "../print/colours.ts";
import { printMarkdown } from "../print/markdown.ts";
import { printJson } from "../print/print-json.ts";
import { printLines } from "../print/print-lines.ts";
import { withProgress } from "../print/progress.ts";

type Kind = ChangeKind | SettingChange["kind"];

/** The values of `--fail-on`, except `any`, that each kind of change fails. A new kind does not compile until it is listed. */
const FAILS: { readonly [Each in Kind]: readonly ("opened" | "looser" | "tighter")[] } = {
  opened: ["opened", "looser"],
  looser: ["looser"],
  incomparable: ["looser", "tighter"],
  identity: ["looser"],
  "token-forwarding": ["looser"],
  moved: ["looser"],
  added: [],
  tighter: ["tighter"],
  removed: ["tighter"],
  headers: [],
  other: [],
};

const LEVELS = ["opened", "looser", "tighter", "any"] as const;
type Level = (typeof LEVELS)[number];

/** The kinds of change that fail at a level. */
function kindsAt(level: Level): readonly Kind[] {
  const kinds = Object.keys(FAILS) as Kind[];
  return level === "any" ? kinds : kinds.filter((kind) => FAILS[kind].includes(level));
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
    "old.json new.json --markdown",
  ],
  async run(args) {
    const { markdown, json, "fail-on": failOn } = args;
    if (markdown && json) throw new UsageError("Choose one of --markdown and --json.");
    const [old, now] = [readPolicySource(args.old), readPolicySource(args.new)];
    const { before, after, difference } = await withProgress((onStep) => comparePolicies(old, now, args.env, onStep));
    if (json) printJson({ old: before.name, new: after.name, ...plain(difference, before.policy, after.policy) });
    else if (markdown) printMarkdown(formatDifferenceMarkdown(difference, before, after));
    else printLines(formatDifference(difference, before, after, coloursFor()));
    return failOn !== undefined && isFinding(difference, kindsAt(failOn)) ? EXIT.findings : EXIT.fine;
  },
});

function isFinding({ routes, settings }: PolicyDifference, kinds: readonly Kind[]): boolean {
  return [...routes, ...settings].some(({ kind }) => kinds.includes(kind));
}

function plain({ routes, settings, clients }: PolicyDifference, before: Policy, after: Policy) {
  return {
    routes: routes.map((change) => describeRouteChange(change, before, after)),
    settings: settings.map(({ kind, path, message }) => ({ kind, path: jsonPath(path), message })),
    clients: clients.map(({ client, gained, lost, unenforced }) => ({
      client,
      gained: gained.map(plainCall),
      lost: lost.map(plainCall),
      unenforced: unenforced.map(plainCall),
    })),
    assumption: clientAssumption({ clients }, before, after),
  };
}

function plainCall({ methods, route, witness, note }: ClientCall) {
  return { methods, path: route.path, example: witness, note };
}
