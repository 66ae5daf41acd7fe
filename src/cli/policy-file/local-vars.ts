import { resolve } from "node:path";
import { readEnvironmentsBeside, wranglerFilesBeside } from "./wrangler-file.ts";

/**
 * The vars at the top level of the wrangler file beside a policy, or none if there is no file. Vars of other environments
 * are not looked at. Throws `InputError` if the file is faulty.
 */
export async function readLocalVars(policy: string): Promise<Readonly<Record<string, unknown>>> {
  const environments = await readEnvironmentsBeside(policy);
  return environments?.find(({ name }) => name === "")?.vars ?? {};
}

/**
 * Absolute paths of the files that a local run depends on: the policy, and the names of wrangler's files beside it. They
 * need not exist.
 */
export function localFiles(policy: string): readonly string[] {
  return [policy, ...wranglerFilesBeside(policy)].map((file) => resolve(file));
}
