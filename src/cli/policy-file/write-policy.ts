import { lstatSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { type FeatureName, usedFeatures } from "../../features/usage/used-features.ts";
import type { PolicyConfig } from "../../policy/compile/schema/config-schema.ts";
import { withDigest } from "../../policy/compiled/build-policy.ts";
import type { BuiltPolicy, CompiledCandidate, CompiledPolicy } from "../../policy/compiled/compiled-policy.ts";
import { serializePolicy } from "../../policy/compiled/serialize-policy.ts";
import type { Fault } from "../../policy/fault.ts";
import type { Policy } from "../../policy/policy.ts";
import { failure, type Result } from "../../result.ts";
import { InputError, UsageError } from "../args/exit-code.ts";
import { featuresFileOf, featuresText, isFeaturesFile } from "./features-file.ts";
import { fileErrorCode, fileExists, replaceFile } from "./replace-file.ts";

/**
 * Throws `UsageError` if writing or removing the file, or the one with its features, would destroy anything other than
 * an earlier output.
 */
export function assertOutput(output: string): void {
  if (/[\\/]$/.test(output)) throw new UsageError(`--output ${output} is a folder. Name a file in it.`);
  if (fileExists(output) && !isOutput(output)) {
    throw new UsageError(
      `--output ${output} exists and is not a compiled policy. Name another file, or remove this one.`,
    );
  }
  const features = featuresFileOf(output);
  if (isFeaturesFile(features)) return;
  throw new UsageError(
    `${features} exists and was not written by scopegate. Name another --output, or remove that file.`,
  );
}

/**
 * Writes the compiled policy that the Worker is built with, and beside it the module that holds what it uses. Each file
 * is replaced in one step, so no reader sees half of it. Throws `InputError` if one cannot be written.
 *
 * @param candidate what the `shadow` of the policy is compiled to
 */
export async function writePolicy(
  output: string,
  file: PolicyConfig,
  policy: Policy,
  candidate?: CompiledCandidate,
): Promise<void> {
  write(output, await withDigest(serializePolicy(file, policy, candidate)), usedFeatures(policy));
}

/**
 * Writes what the Worker takes for a policy with a fault: with it, the Worker serves nothing. Throws as `writePolicy`.
 */
export function writeNoPolicy(output: string): void {
  const hint = "The output of the build says why.";
  write(output, failure([{ path: [], message: "The policy did not pass the check.", hint }]), []);
}

function write(
  output: string,
  value: BuiltPolicy | Result<never, readonly Fault[]>,
  used: readonly FeatureName[],
): void {
  replace(output, `${JSON.stringify(value)}\n`);
  replace(featuresFileOf(output), featuresText(output, used));
}

function replace(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    replaceFile(file, text);
  } catch (error) {
    throw new InputError(`${file}: The file cannot be written (${fileErrorCode(error)}). Name another.`);
  }
}

/** Removes the files that an earlier run wrote, if there are any. Throws `InputError` if one cannot be removed. */
export function removePolicy(output: string): void {
  for (const file of [output, featuresFileOf(output)]) {
    try {
      if (fileExists(file)) rmSync(file);
    } catch (error) {
      throw new InputError(
        `${file}: The earlier file cannot be removed (${fileErrorCode(error)}). Remove it, because it is stale.`,
      );
    }
  }
}

/** Whether `writePolicy` or `writeNoPolicy` wrote the file. A `routes.json` does not pass: its routes are a list. */
function isOutput(file: string): boolean {
  try {
    if (!lstatSync(file).isFile()) return false;
    const stored: unknown = JSON.parse(readFileSync(file, "utf8"));
    const { routes, failure: faults } = Object(stored) as Partial<CompiledPolicy & { readonly failure: unknown }>;
    return Array.isArray(routes?.paths) || Array.isArray(faults);
  } catch {
    return false;
  }
}
