import { CommandError, InputError } from "../args/exit-code.ts";
import { formatPlaced, type PolicySource, parsePolicySource } from "../policy-file/policy-source.ts";
import { fileErrorCode, replaceFile } from "../policy-file/replace-file.ts";
import { type CheckOptions, type CheckReport, checkPolicy } from "./check-policy.ts";

/** The text of a policy that `check` found no error in. Only `checkedPolicy` makes one. */
export interface CheckedPolicy {
  readonly source: PolicySource;
  readonly report: CheckReport;
}

/**
 * Checks the text of a policy as `scopegate check` does, with the environments of the wrangler file beside it. Warnings
 * are allowed.
 *
 * @param name the file that the policy is for
 * @throws CommandError it has an error; the message lists all of them
 */
export async function checkedPolicy(name: string, text: string, options?: CheckOptions): Promise<CheckedPolicy> {
  const source = parsePolicySource(name, text);
  const report = await checkPolicy(source, options);
  const errors = report.findings.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return { source, report };
  const lines = errors.map((error) => formatPlaced(source, error));
  throw new CommandError(["The policy would have errors, so nothing was written:", ...lines]);
}

/**
 * Replaces a policy, in one step. Takes a checked policy only, so that no command writes one that cannot serve. Throws
 * `InputError` if the file cannot be written.
 */
export function replacePolicy({ source }: CheckedPolicy): void {
  try {
    replaceFile(source.name, source.text);
  } catch (error) {
    throw new InputError(`${source.name}: The file cannot be written (${fileErrorCode(error)}).`);
  }
}
