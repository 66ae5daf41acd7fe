import { dirname, join, posix } from "node:path";
import { isShadowFile } from "../../policy/compile/shadow/compile-shadow-file.ts";
import { parseGitName } from "./git-file.ts";
import { DEFAULT_POLICY, type PolicySource, readPolicySource } from "./policy-source.ts";

/**
 * Reads the candidate that a policy names as its `shadow`: a file beside it, or in the same commit. `undefined`: it
 * names none, or names it in a form that is a fault.
 *
 * @throws InputError it cannot be read or is not JSON
 */
export function readShadow(source: Pick<PolicySource, "name" | "value">): PolicySource | undefined {
  const file = shadowFileOf(source);
  return file === undefined ? undefined : readPolicySource(file);
}

/** The name of that file, as `readPolicySource` takes it. */
export function shadowFileOf({ name, value }: Pick<PolicySource, "name" | "value">): string | undefined {
  const shadow: unknown = Reflect.get(Object(value), "shadow");
  if (typeof shadow !== "string" || !isShadowFile(shadow)) return undefined;
  const inGit = parseGitName(name, DEFAULT_POLICY);
  if (inGit === undefined) return join(dirname(name), shadow);
  return `git:${inGit.revision}:${posix.join(posix.dirname(inGit.path.replaceAll("\\", "/")), shadow)}`;
}
