import type { PolicyConfig } from "../../policy/compile/schema/config-schema.ts";
import type { CompiledCandidate } from "../../policy/compiled/compiled-policy.ts";
import { jsonPath } from "../../policy/fault.ts";
import type { Policy } from "../../policy/policy.ts";
import { defineCommand } from "../args/command.ts";
import { chosenDay, dayOption } from "../args/day-option.ts";
import { EXIT, InputError } from "../args/exit-code.ts";
import { checkPolicy } from "../check/check-policy.ts";
import { formatFindings } from "../check/format-findings.ts";
import { isFailure } from "../check/is-failure.ts";
import { jsonOption } from "../output.ts";
import { placeOf, policyOption, readPolicySource } from "../policy-file/policy-source.ts";
import { assertOutput, removePolicy, writeNoPolicy, writePolicy } from "../policy-file/write-policy.ts";
import { coloursFor } from "../print/colours.ts";
import { printJson } from "../print/print-json.ts";
import { printErrorLines, printLines } from "../print/print-lines.ts";
import { withProgress } from "../print/progress.ts";

export default defineCommand({
  name: "check",
  summary: "Report all errors, warnings and notices in a policy. Exit code 1: an error, or with --strict a warning.",
  options: {
    ...policyOption,
    env: { type: "string", description: "Use only the vars of this environment of wrangler's file; default: all." },
    output: {
      type: "string",
      valueHint: "file",
      description: "Where to write the compiled policy for the Worker, unless the check fails.",
    },
    strict: { type: "boolean", description: "Warnings fail the check, too." },
    online: {
      type: "boolean",
      description: "Also ask each issuer for its metadata and keys, and compare them with the policy.",
    },
    ...dayOption,
    ...jsonOption,
  },
  positionals: {},
  examples: [
    "",
    "--policy routes.json --env production",
    "--policy git:main --json",
    "--strict",
    "--online --env production",
    "--on 2027-02-01",
    "--output dist/policy.json",
    "--output dist/policy.json --env production",
    "# to suppress a warning about a route, add to the route in routes.json:",
    '#   "lint": { "public-write": "The upstream verifies the signature of these webhooks." }',
  ],
  async run(args) {
    const { output } = args;
    if (output === undefined) return (await check(args)) === undefined ? EXIT.findings : EXIT.fine;
    assertOutput(output);
    if (process.env[WRANGLER_COMMAND] !== "dev") return (await build(args, output)) ? EXIT.fine : EXIT.findings;
    if (!(await build(args, output).catch(reportUnreadable))) {
      writeNoPolicy(output);
      printErrorLines(["Until this is fixed, the gateway of wrangler dev refuses every request with policy-invalid."]);
    }
    return EXIT.fine;
  },
});

/**
 * Wrangler tells its build which command it serves. If the first build of `wrangler dev` failed, wrangler would neither
 * start nor end. A deployment always runs a build of its own, which fails.
 */
const WRANGLER_COMMAND = "WRANGLER_COMMAND";

/** Whether the check passed and the output was written. */
async function build(args: CheckOptions, output: string): Promise<boolean> {
  let isWritten = false;
  try {
    const checked = await check(args);
    if (checked !== undefined) await writePolicy(output, checked.file, checked.policy, checked.candidate);
    isWritten = checked !== undefined;
  } finally {
    // Fail closed: after a failed check, no earlier output may be left for a build to pick up.
    if (!isWritten) removePolicy(output);
  }
  return isWritten;
}

function reportUnreadable(error: unknown): boolean {
  if (!(error instanceof InputError)) throw error;
  printErrorLines(error.lines);
  return false;
}

/** A policy that passed the check. */
interface Checked {
  readonly file: PolicyConfig;
  readonly policy: Policy;
  /** What its `shadow` is compiled to; `undefined`: it has none. */
  readonly candidate: CompiledCandidate | undefined;
}

interface CheckOptions {
  readonly policy: string;
  readonly env?: string | undefined;
  readonly on?: string | undefined;
  readonly json: boolean;
  readonly strict: boolean;
  readonly online: boolean;
}

/** Prints the findings. Returns the policy, or `undefined` if the check fails. */
async function check(args: CheckOptions): Promise<Checked | undefined> {
  const day = chosenDay(args.on, Date.now());
  const source = readPolicySource(args.policy);
  const deployment = process.env[WRANGLER_COMMAND] === "dev" ? undefined : "possible";
  const report = await withProgress((onStep) =>
    checkPolicy(source, { environment: args.env, day, isOnline: args.online, deployment, onStep }),
  );
  if (args.json) {
    printJson({
      policy: source.name,
      environments: report.environments,
      findings: report.findings.map(({ path, hint, place, ...finding }) => ({
        ...finding,
        fix: hint,
        path: jsonPath(path),
        ...(place ?? source.locate(path)),
      })),
    });
  } else printLines(formatFindings(report, source.name, (path) => placeOf(source, path), coloursFor()));
  if (report.policy === undefined || isFailure(report, args.strict)) return undefined;
  // The policy compiled, so the value has the shape of the schema.
  const file = source.value as PolicyConfig;
  return { file, policy: report.policy, candidate: report.candidate?.compiled };
}
