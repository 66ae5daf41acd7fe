import { failure, type Result, success } from "../../result.ts";
import type { PolicyConfig } from "../compile/schema/config-schema.ts";
import type { Fault } from "../fault.ts";
import { compileCandidate } from "./compile-candidate.ts";
import type { BuiltPolicy, CompiledPolicy } from "./compiled-policy.ts";
import { policyDigest } from "./policy-digest.ts";
import { compileForWorker } from "./serialize-policy.ts";

/**
 * Compiles a parsed `routes.json` as the build does, or returns every fault in it. Takes what `compileForWorker` takes.
 *
 * @param candidate the parsed file that its `shadow` names. Left out: the gateway judges by the policy only. The paths
 * of its faults start at `shadow`.
 */
export async function buildPolicy(
  config: unknown,
  vars: Readonly<Record<string, unknown>>,
  candidate?: unknown,
): Promise<Result<BuiltPolicy, readonly Fault[]>> {
  const compiled = compileForWorker(config, vars);
  if (!compiled.ok) return compiled;
  const { shadow } = compiled.value;
  if (shadow === undefined || candidate === undefined) return success(await withDigest(compiled.value));
  // The policy compiled, so its file has this type.
  const found = compileCandidate(config as PolicyConfig, candidate, vars);
  if (!found.ok) return failure(found.failure.map((fault) => ({ ...fault, path: ["shadow", ...fault.path] })));
  return success(await withDigest({ ...compiled.value, shadow: { ...shadow, candidate: found.value.compiled } }));
}

/** A compiled policy as the build writes it. */
export async function withDigest(compiled: CompiledPolicy): Promise<BuiltPolicy> {
  const { shadow, issuers, ...rest } = compiled;
  const digest = await policyDigest(compiled);
  if (shadow?.candidate === undefined) return { ...compiled, digest };
  return {
    ...{ ...rest, issuers, digest },
    shadow: { ...shadow, digest: await policyDigest({ ...shadow.candidate, issuers }) },
  };
}
