import type { Fault } from "../fault.ts";

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
