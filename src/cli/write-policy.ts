import { existsSync, lstatSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Policy } from "../policy/policy.ts";
import type { PolicyFile } from "../policy/schema.ts";
import { storePolicy } from "../policy/store-policy.ts";
import { InputError } from "./output.ts";
import { UsageError } from "./run-command.ts";

/** Throws `UsageError` where writing or removing the file would lose something else. */
export function assertOutput(output: string, policy: string): void {
  if (!isThere(output)) return;
  if (!lstatSync(output).isFile())
    throw new UsageError(`--output ${output} is no regular file. Name one, or one that is not there.`);
  if (existsSync(policy) && realpathSync(output) === realpathSync(policy))
    throw new UsageError("--output is the policy itself. Name another file.");
}

/** Writes a policy as the Worker gets it: the whole file or nothing, whoever reads it meanwhile. */
export function writePolicy(output: string, file: PolicyFile, policy: Policy): void {
  const unfinished = `${output}.${process.pid}`;
  try {
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(unfinished, `${JSON.stringify(storePolicy(file, policy))}\n`);
    renameSync(unfinished, output);
  } catch (error) {
    if (isThere(unfinished)) rmSync(unfinished);
    throw new InputError(`${output}: The file cannot be written (${codeOf(error)}).`);
  }
}

/** Removes what an earlier run wrote, if there is any. */
export function removePolicy(output: string): void {
  if (isThere(output)) rmSync(output);
}

/** What cannot be reached is not there. A link that leads nowhere is. */
function isThere(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
