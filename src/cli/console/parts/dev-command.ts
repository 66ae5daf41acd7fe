import { callOf } from "../../args/command.ts";
import { DEFAULT_POLICY } from "../../policy-file/policy-source.ts";
import { quoted, type Shell } from "../../print/shell.ts";

/**
 * The command that starts a local stack with the policy that the console shows. A commit cannot run, so its file is.
 */
export function devCommand(policyName: string, shell: Shell): string {
  const call = callOf({ name: "dev", hasScript: true });
  const isUsual = policyName === DEFAULT_POLICY || policyName.startsWith("git:");
  return isUsual ? call.replace(/ --$/, "") : `${call} --policy ${quoted(policyName, shell)}`;
}
