import type { PolicyConfig } from "../../policy/compile/schema/config-schema.ts";
import { type Candidate, compileCandidate } from "../../policy/compiled/compile-candidate.ts";
import { placeholders } from "../../policy/source/placeholders.ts";
import { InputError } from "../args/exit-code.ts";
import type { PolicySource } from "../policy-file/policy-source.ts";
import { readShadow } from "../policy-file/read-shadow.ts";
import type { Found } from "./finding.ts";

/** The candidate that a policy names as its `shadow`, and what is wrong with it. */
export interface CheckedShadow {
  /** Left out: the policy names none, or it has faults. */
  readonly candidate?: Candidate;
  readonly errors: readonly Found[];
}

/**
 * Returns a function that checks a policy's candidate with some vars: whether it can be read, and its faults, each with
 * its place in its own file. It does not look for warnings, and proves no guarantees of the candidate: `scopegate check
 * --policy` does, with the file of the candidate.
 *
 * @param adapt changes the parsed file of the candidate first
 * @returns `lacksFile`: no wrangler file says which variables there are, so a made-up value stands in for each that has
 * none
 */
export function shadowChecker(
  source: PolicySource,
  adapt: (file: unknown) => unknown = (file) => file,
): (vars: PolicyVars, lacksFile: boolean) => CheckedShadow {
  const read = readOnce(source);
  return (vars, lacksFile) => {
    if (read === undefined) return { errors: [] };
    if ("unreadable" in read) return { errors: [read.unreadable] };
    const filled = lacksFile ? { ...placeholders(read.text), ...vars } : vars;
    // Only a policy without faults is asked for its candidate.
    const compiled = compileCandidate(source.value as PolicyConfig, adapt(read.value), filled);
    if (compiled.ok) return { candidate: compiled.value, errors: [] };
    return {
      errors: compiled.failure.map((fault) => ({
        ...fault,
        ...INVALID,
        place: { file: read.name, ...read.locate(fault.path) },
      })),
    };
  };
}

type PolicyVars = Readonly<Record<string, unknown>>;

const INVALID = { code: "invalid", severity: "error", reason: undefined } as const;

function readOnce(source: PolicySource): PolicySource | { readonly unreadable: Found } | undefined {
  try {
    return readShadow(source);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const hint = "Write the candidate policy there, or remove `shadow`.";
    return { unreadable: { path: ["shadow"], message: error.lines.join(" "), hint, ...INVALID } };
  }
}
