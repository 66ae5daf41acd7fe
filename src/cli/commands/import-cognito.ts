import { existsSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { isNestedDeeper } from "../../json/is-nested-deeper.ts";
import { isObject } from "../../json/json-object.ts";
import { MAX_POLICY_NESTING, MAX_TEMPLATE_VALUES } from "../../limits.ts";
import { defineCommand } from "../args/command.ts";
import { CommandError, EXIT, InputError, UsageError } from "../args/exit-code.ts";
import { unreadableFile } from "../args/unreadable-file.ts";
import { checkPolicy } from "../check/check-policy.ts";
import { checkedPolicy, replacePolicy } from "../check/replace-policy.ts";
import { combineSettings } from "../cognito/combine-settings.ts";
import { type CognitoPart, mergeSettings } from "../cognito/merge-settings.ts";
import { readSettings } from "../cognito/read-settings.ts";
import { intrinsicOf } from "../cognito/resolve-intrinsics.ts";
import type { CognitoSettings } from "../cognito/settings.ts";
import type { ReadSettings } from "../cognito/source-fault.ts";
import { changesToExisting } from "../diff/changes-to-existing.ts";
import { loadTextParser, type ParseText } from "../openapi/document/parse-text.ts";
import { jsonOption } from "../output.ts";
import { policyOption, readPolicySource } from "../policy-file/policy-source.ts";
import { printJson, printJsonText } from "../print/print-json.ts";
import { printErrorLines, printLines } from "../print/print-lines.ts";

export default defineCommand({
  name: "import cognito",
  summary:
    "Update a policy's resource servers, scopes and clients from a Cognito user pool. Exit code 1: something in a file " +
    "is not understood, or the policy would have errors; nothing is written then.",
  options: {
    ...policyOption,
    write: { type: "boolean", description: "Write the policy; default: print it." },
    ...jsonOption,
  },
  positionals: {
    file: {
      required: true,
      variadic: true,
      description:
        "A CloudFormation or CDK template (JSON or YAML), a .tf.json file, or what terraform show -json, list-resource-servers " +
        "or describe-user-pool-client prints.",
    },
  },
  examples: [
    "servers.json client.json",
    "# from: aws cognito-idp list-resource-servers --user-pool-id ID --max-results 50 > servers.json",
    "#       aws cognito-idp describe-user-pool-client --user-pool-id ID --client-id CLIENT > client.json",
    "template.json --write",
  ],
  async run(args) {
    const isCommit = args.policy.startsWith("git:");
    if (args.write && isCommit)
      throw new InputError("The policy of a commit cannot be changed. Name a file with --policy.");
    const existing = existsSync(args.policy) || isCommit ? readPolicySource(args.policy) : undefined;
    if (args.write && !existing) {
      throw new UsageError(`${args.policy}: There is no such policy. Write a first one with \`scopegate init\`.`);
    }
    const before = existing?.value ?? {};
    if (!isObject(before)) throw new InputError(`${args.policy}: This is not a JSON object.`);
    if (isNestedDeeper(before, MAX_POLICY_NESTING + 1)) {
      throw new InputError(`${args.policy}: The policy is nested too deeply. \`scopegate check\` says where.`);
    }
    const { settings, remarks: readRemarks, isPartial } = await readAll(args.file);
    const { file: after, remarks: mergeRemarks, undeclared } = mergeSettings(before as CognitoPart, settings);
    if (isPartial && undeclared.length > 0) {
      const names = undeclared.map((name) => `\`${name}\``).join(", ");
      throw new CommandError(
        `Pages are missing, and with them the declaration of ${names}. Import all pages together.`,
      );
    }
    const isChanged = !isDeepStrictEqual(before, after);
    // Keep the team's formatting if nothing changes.
    const text = isChanged || !existing ? `${JSON.stringify(after, null, 2)}\n` : existing.text;
    // Without a policy to begin with, the result is a part of one, which cannot pass the check yet.
    const checked = existing && isChanged ? await checkedPolicy(args.policy, text) : undefined;
    if (args.write && checked) replacePolicy(checked);
    const [old, now] = [existing && checked && (await checkPolicy(existing)).policy, checked?.report.policy];
    const remarks = [...readRemarks, ...mergeRemarks, ...(old && now ? changesToExisting(old, now) : [])];
    if (args.json) printJson({ changed: isChanged, remarks, policy: after });
    else {
      if (!args.write) printJsonText(text);
      else printLines([isChanged ? `${args.policy} was written.` : `${args.policy} is up to date.`]);
      for (const remark of remarks) printErrorLines([remark]);
    }
    return EXIT.fine;
  },
});

/** What several files say together. */
interface Imported extends ReadSettings {
  /** Whether a file is one page of several. */
  readonly isPartial: boolean;
}

/** Reads all files. Throws `CommandError` for anything that is not understood, and for files that disagree. */
async function readAll(files: readonly string[]): Promise<Imported> {
  const parse = await loadTextParser(MAX_TEMPLATE_VALUES, intrinsicOf);
  const parts: CognitoSettings[] = [];
  const remarks: string[] = [];
  const faults: string[] = [];
  let isPartial = false;
  for (const file of files) {
    const document = readDocument(file, parse);
    const read = readSettings(document);
    if (read === undefined) {
      throw new InputError(
        `${file}: This is not what list-resource-servers, describe-user-pool-client or terraform show -json prints, ` +
          "and neither a CloudFormation template nor a .tf.json file.",
      );
    }
    if (read.ok) {
      parts.push(read.value.settings);
      for (const remark of read.value.remarks) remarks.push(`${file}: ${remark}`);
    } else for (const { place, message } of read.failure) faults.push(`${file}: ${place}: ${message}`);
    isPartial ||= isObject(document) && typeof document["NextToken"] === "string";
  }
  const combined = combineSettings(parts);
  for (const fault of combined.ok ? [] : combined.failure) faults.push(fault);
  if (combined.ok && faults.length === 0) return { settings: combined.value, remarks, isPartial };
  throw new CommandError(["The import does not understand everything, so nothing was imported:", ...faults, WAY_OUT]);
}

const WAY_OUT = "What the AWS CLI and `terraform show -json` print has every value and can be imported instead.";

function readDocument(file: string, parse: ParseText): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw unreadableFile(file, error);
  }
  const parsed = parse(text);
  if (parsed.ok) return parsed.value;
  throw new InputError(`${file}: ${parsed.failure}`);
}
