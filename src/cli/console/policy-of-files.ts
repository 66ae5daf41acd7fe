import { compileSource } from "../policy-file/policy-source.ts";
import { readVariables } from "../policy-file/read-variables.ts";
import { wranglerFilesBeside } from "../policy-file/wrangler-file.ts";
import { type PolicyInput, textsOf } from "./view/policy-state.ts";

/**
 * A policy with the vars of the wrangler file beside it, as `explain` takes them.
 *
 * @param name a file, or `git:REV`
 * @param environment the environment whose vars it gets; `undefined`: the top level
 */
export function policyOfFiles(name: string, environment: string | undefined): PolicyInput {
  return {
    name,
    async compile(source) {
      return compileSource(source, await readVariables(source, { from: "wrangler", environment, orBeside: name }));
    },
    dependsOn: () => (name.startsWith("git:") ? "" : textsOf(wranglerFilesBeside(name))),
  };
}
