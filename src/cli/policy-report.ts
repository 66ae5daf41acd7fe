import { NO_REAL_ADDRESSES, type RealAddresses } from "../local/plan/stack-source.ts";
import { useRealAddresses } from "../local/plan/use-real-addresses.ts";
import { compilePolicy } from "../policy/compile/compile-policy.ts";
import { type Fault, jsonPath } from "../policy/fault.ts";
import { callOf } from "./args/command.ts";
import { InputError } from "./args/exit-code.ts";
import { checkPolicy } from "./check/check-policy.ts";
import type { Finding } from "./check/finding.ts";
import { counted } from "./output.ts";
import {
  DEFAULT_POLICY,
  formatPlaced,
  inTextOrder,
  type PolicySource,
  readPolicySource,
} from "./policy-file/policy-source.ts";

/**
 * Reports on the policy that the local gateway has loaded, in lines for people. If it has faults with the gateway's
 * vars, the gateway serves nothing, and the report lists them. Otherwise it lists the errors that `scopegate check`
 * finds, and counts its warnings. No lines: there is nothing to report. The vars of other environments are not looked
 * at.
 *
 * @param file name of the policy's file
 * @param vars the vars of the local gateway
 * @param real the addresses that the local gateway uses instead of the policy's
 */
export async function reportPolicy(
  file: string,
  vars: Readonly<Record<string, unknown>>,
  real: RealAddresses = NO_REAL_ADDRESSES,
): Promise<readonly string[]> {
  try {
    const read = readPolicySource(file);
    const source = { ...read, value: useRealAddresses(read.value, real) };
    const compiled = compilePolicy(source.value, vars);
    if (!compiled.ok) return [REFUSES, ...placed(source, inTextOrder(source, compiled.failure))];
    return await reportCheck(source, vars, real);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return [UNDEPLOYABLE, ...error.lines.map((line) => `  ${line}`)];
  }
}

const REFUSES = "The policy is invalid. Every request is refused with policy-invalid:";
const UNDEPLOYABLE = "This policy cannot be deployed:";

async function reportCheck(
  source: PolicySource,
  vars: Readonly<Record<string, unknown>>,
  real: RealAddresses,
): Promise<readonly string[]> {
  const { findings } = await checkPolicy(source, { vars, adaptCandidate: (file) => useRealAddresses(file, real) });
  const open = findings.filter(({ reason }) => reason === undefined);
  const errors = open.filter(({ severity }) => severity === "error");
  const warnings = open.filter(({ severity }) => severity === "warning").length;
  return [
    ...(errors.length > 0 ? [UNDEPLOYABLE, ...placed(source, errors)] : []),
    ...(warnings > 0 ? [`${counted(warnings, "warning")}: see ${checkCall(source.name)}.`] : []),
  ];
}

/** The command that shows the warnings. It exists in a project from `scopegate create`, too. */
function checkCall(policy: string): string {
  const call = callOf({ name: "check" });
  return policy === DEFAULT_POLICY ? call : `${call} --policy ${policy}`;
}

function placed(source: PolicySource, faults: readonly (Fault & Partial<Pick<Finding, "environments" | "place">>)[]) {
  return faults.map((fault) => {
    const where = fault.environments === undefined ? "" : ` (${fault.environments.join(", ")})`;
    const { place, message, hint } = fault;
    const text =
      place === undefined
        ? formatPlaced(source, fault)
        : `${place.file}:${place.line}:${place.column}: ${message} ${hint}`;
    return `  ${text} [${jsonPath(fault.path)}]${where}`;
  });
}
