import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { defineCommand } from "../args/command.ts";
import { EXIT, InputError } from "../args/exit-code.ts";
import { type CognitoPart, mergeSettings } from "../cognito/merge-settings.ts";
import { readSettings } from "../cognito/read-settings.ts";
import type { CognitoSettings } from "../cognito/settings.ts";
import { isObject } from "../json-members.ts";
import { jsonOption, printJson } from "../output.ts";
import { policyOption, readPolicySource } from "../policy-file/policy-source.ts";

export default defineCommand({
  name: "import cognito",
  summary: "Update a policy's resource servers, scopes and clients from a Cognito user pool.",
  options: {
    ...policyOption,
    write: { type: "boolean", description: "Write the policy; default: print it." },
    ...jsonOption,
  },
  positionals: {
    file: {
      required: true,
      variadic: true,
      description: "JSON of list-resource-servers, describe-user-pool-client or export cognito.",
    },
  },
  examples: [
    "servers.json client.json",
    "# from: aws cognito-idp list-resource-servers --user-pool-id ID --max-results 50 > servers.json",
    "#       aws cognito-idp describe-user-pool-client --user-pool-id ID --client-id CLIENT > client.json",
    "template.json --write",
  ],
  run(args) {
    if (args.write && args.policy.startsWith("git:")) throw new InputError("A policy of a commit cannot be written.");
    const existing =
      existsSync(args.policy) || args.policy.startsWith("git:") ? readPolicySource(args.policy) : undefined;
    const before = existing?.value ?? {};
    if (!isObject(before)) throw new InputError(`${args.policy}: This is not a JSON object.`);
    let after = before as CognitoPart;
    const remarks: string[] = [];
    for (const file of args.file) {
      const { settings, isPartial } = readDocument(file);
      if (isPartial)
        remarks.push(`${file} is incomplete: it has a NextToken. Fetch and import the remaining pages, too.`);
      const merge = mergeSettings(after, settings);
      after = merge.file;
      remarks.push(...merge.remarks);
    }
    const isChanged = !isDeepStrictEqual(before, after);
    // Keep the team's formatting if nothing changes.
    const text = isChanged || !existing ? `${JSON.stringify(after, null, 2)}\n` : existing.text;
    if (args.write && isChanged) writeFileSync(args.policy, text);
    if (args.json) printJson({ changed: isChanged, remarks, policy: after });
    else {
      if (!args.write) process.stdout.write(text);
      else console.log(isChanged ? `${args.policy} was written.` : `${args.policy} is up to date.`);
      for (const remark of remarks) console.error(remark);
    }
    return EXIT.fine;
  },
});

function readDocument(file: string): { readonly settings: CognitoSettings; readonly isPartial: boolean } {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new InputError(`${file}: ${error instanceof SyntaxError ? "This is not JSON." : "The file cannot be read."}`);
  }
  const settings = readSettings(document);
  if (settings) return { settings, isPartial: isObject(document) && typeof document["NextToken"] === "string" };
  throw new InputError(
    `${file}: This is not what list-resource-servers, describe-user-pool-client or export cognito prints.`,
  );
}
