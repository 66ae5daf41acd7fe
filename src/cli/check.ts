import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { defineCommand } from "citty";
import { jsonPath } from "../policy/fault.ts";
import type { Policy } from "../policy/policy.ts";
import type { PolicyFile } from "../policy/schema.ts";
import { storePolicy } from "../policy/store-policy.ts";
import { checkPolicy, type Finding } from "./findings.ts";
import { formatFindings } from "./format-findings.ts";
import { type PolicySource, placeOf, policyOption, readPolicySource } from "./load-policy.ts";
import { coloursFor, EXIT, jsonOption, printJson } from "./output.ts";

export const examples = [
  "check",
  "check --policy routes.json --env production",
  "check --policy git:main --json",
  "check --output dist/policy.json",
  "# silence a lint, in routes.json, on its route:",
  '#   "lint": { "public-write": "The upstream verifies the signature of these webhooks." }',
];

export default defineCommand({
  meta: {
    description: "Find every fault and oddity of a policy. Exit code 1: an error or a warning; notices do not count.",
  },
  args: {
    ...policyOption,
    env: { type: "string", description: "Only the vars of this environment of wrangler's file; default: of each." },
    output: {
      type: "string",
      valueHint: "file",
      description: "Where to write the compiled policy that the Worker is built with, if nothing is found.",
    },
    ...jsonOption,
  },
  async run({ args }) {
    const source = readPolicySource(args.policy);
    const report = await checkPolicy(source, args.env);
    if (args.json) {
      printJson({
        policy: source.name,
        environments: report.environments,
        findings: report.findings.map(({ path, hint, ...finding }) => ({
          ...finding,
          fix: hint,
          path: jsonPath(path),
          ...source.locate(path),
        })),
      });
    } else console.log(formatFindings(report, source.name, (path) => placeOf(source, path), coloursFor()));
    const isFine = !report.findings.some(counts);
    if (args.output !== undefined) write(args.output, isFine ? report.policy : undefined, source);
    return isFine ? EXIT.fine : EXIT.findings;
  },
});

/** Where there is no policy to be written, none that was written earlier stays to be built with. */
function write(output: string, policy: Policy | undefined, { value }: PolicySource): void {
  if (policy === undefined) {
    rmSync(output, { force: true });
    return;
  }
  mkdirSync(dirname(output), { recursive: true });
  // Whole or not at all, whoever reads it meanwhile.
  const unfinished = `${output}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(storePolicy(value as PolicyFile, policy))}\n`);
  renameSync(unfinished, output);
}

function counts({ severity, reason }: Finding): boolean {
  return severity !== "notice" && reason === undefined;
}

// As a program of its own, for build steps: the same as `scopegate check`. Not awaited: that imports this very file.
if (process.argv[1] === import.meta.filename) {
  void import("./scopegate.ts").then(async ({ main }) => {
    process.exitCode = await main(["check", ...process.argv.slice(2)]);
  });
}
