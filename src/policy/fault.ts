import type { FaultText } from "../result.ts";

/** An error in `routes.json`. A policy with a fault is never served. Its message does not repeat the path. */
export interface Fault extends FaultText {
  /** Members and indices from the root, such as `["routes", 3, "scopes", 0]`. Empty: the file as a whole. */
  readonly path: readonly (string | number)[];
}

/** A path as text: `$.routes[3].scopes[0]`. A name that is not an identifier is quoted: `$.clients["my app"]`. */
export function jsonPath(path: Fault["path"]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return /^[A-Za-z_$][\w$]*$/.test(step) ? `${text}.${step}` : `${text}[${JSON.stringify(step)}]`;
  }, "$");
}

/** A fault in one line for people: path, message, hint. */
export function formatFault(fault: Fault): string {
  return `${jsonPath(fault.path)}: ${fault.message} ${fault.hint}`;
}

/** Takes a fault from a part of the compiler, which then goes on, so that all faults are found. */
export type Report = (path: Fault["path"], message: string, hint: string) => void;

/**
 * The fault of a policy that needs a module which the build left out of the Worker. It must never be served: the module
 * may hold a check.
 *
 * @param feature the name of the module
 */
export function absentModule(feature: string): Fault {
  return {
    path: [],
    message: `The Worker was built for another policy: it has no module for \`${feature}\`.`,
    hint: "Build it again with `scopegate check --output`, and let `#features` in the wrangler file name the file beside the policy.",
  };
}
