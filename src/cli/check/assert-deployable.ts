import { CommandError } from "../args/exit-code.ts";
import { formatPlaced, type PolicySource } from "../policy-file/policy-source.ts";
import { type CheckReport, checkPolicy, TOP_LEVEL } from "./check-policy.ts";
import type { Finding } from "./finding.ts";

/**
 * Checks a policy and the settings of the environment that is about to be deployed. Returns what `check` found,
 * warnings and notices included. It throws `CommandError`, with a line for each reason, if there is an error or a
 * placeholder: the address of an example, a made-up id, or a loopback address. Throws `InputError` if there is no such
 * environment.
 *
 * @param environment its name; `top level` for the top level
 */
export async function assertDeployable(source: PolicySource, environment: string): Promise<CheckReport> {
  const report = await checkPolicy(source, { environment, deployment: "planned" });
  const reasons = report.findings.filter(({ severity, code }) => severity === "error" || code === "placeholder");
  if (reasons.length === 0) return report;
  const lines = reasons.map((finding) => `  ${formatReason(source, finding)}`);
  const where = environment === TOP_LEVEL ? "the top level" : environment;
  throw new CommandError([`Nothing was deployed. Fix this in ${where} first:`, ...lines]);
}

function formatReason(source: PolicySource, finding: Finding): string {
  const { place, message, hint } = finding;
  if (place === undefined) return formatPlaced(source, finding);
  return `${place.file}:${place.line}:${place.column}: ${message} ${hint}`;
}
