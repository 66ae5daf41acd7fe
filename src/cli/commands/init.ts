import { existsSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import type { PolicyConfig } from "../../policy/compile/schema/config-schema.ts";
import { defineCommand } from "../args/command.ts";
import { EXIT, InputError } from "../args/exit-code.ts";
import { formatFindings } from "../check/format-findings.ts";
import { checkedPolicy, replacePolicy } from "../check/replace-policy.ts";
import { firstPolicy } from "../init/first-policy.ts";
import { answerOptions, readAnswers } from "../init/read-answers.ts";
import { jsonOption } from "../output.ts";
import { DEFAULT_POLICY, placeOf } from "../policy-file/policy-source.ts";
import { coloursFor } from "../print/colours.ts";
import { printJson } from "../print/print-json.ts";
import { printErrorLines, printLines } from "../print/print-lines.ts";

export default defineCommand({
  name: "init",
  summary:
    "Write a first policy. On a terminal, it asks for what no option gives. Exit code 1: the issuer's keys cannot be " +
    "found, or do not fit; nothing is written then.",
  options: {
    ...answerOptions,
    policy: { type: "string", default: DEFAULT_POLICY, valueHint: "file", description: "The file to write." },
    force: { type: "boolean", description: "Overwrite the file if it exists." },
    ...jsonOption,
  },
  positionals: {},
  examples: [
    "",
    "--issuer https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_A1b2C3d4E \\\n" +
      "  --resource-server https://api.example.com --upstream orders=https://orders.example.com --client CLIENT_ID",
  ],
  async run(args) {
    if (existsSync(args.policy) && !args.force) {
      throw new InputError(`${args.policy}: The file is there already. Use --force to overwrite it.`);
    }
    const { answers, found } = await readAnswers(args);
    const file: PolicyConfig = { $schema: schemaFor(args.policy), ...firstPolicy(answers, found.settings) };
    // An issuer that gave the address of its keys can also be asked for them.
    const text = `${JSON.stringify(file, null, 2)}\n`;
    const checked = await checkedPolicy(args.policy, text, { isOnline: found.isDiscovered });
    replacePolicy(checked);
    const { source, report } = checked;
    for (const remark of found.remarks) printErrorLines([remark]);
    if (args.json) printJson({ policy: args.policy, file, findings: report.findings });
    else {
      const findings = formatFindings(report, source.name, (path) => placeOf(source, path), coloursFor());
      printLines([`${args.policy} was written.`, ...findings]);
    }
    return EXIT.fine;
  },
});

/** The path from the policy to the JSON Schema, for editors. */
function schemaFor(policy: string): string {
  const schema = resolve(import.meta.dirname, "../../policy/routes.schema.json");
  const path = relative(dirname(resolve(policy)), schema)
    .split(sep)
    .join("/");
  return path.startsWith(".") ? path : `./${path}`;
}
