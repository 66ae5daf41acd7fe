import { type Result, success } from "../../result.ts";
import type { Fault } from "../fault.ts";
import type { BuiltPolicy, CompiledPolicy } from "./compiled-policy.ts";
import { policyDigest } from "./policy-digest.ts";
import { compileForWorker } from "./serialize-policy.ts";

/** Compiles a parsed `routes.json` as the build does, or returns every fault in it. Takes what `compileForWorker` takes. */
export async function buildPolicy(
  config: unknown,
  vars: Readonly<Record<string, unknown>>,
): Promise<Result<BuiltPolicy, readonly Fault[]>> {
  const compiled = compileForWorker(config, vars);
  return compiled.ok ? success(await withDigest(compiled.value)) : compiled;
}

/** A compiled policy as the build writes it. */
export async function withDigest(compiled: CompiledPolicy): Promise<BuiltPolicy> {
  return { ...compiled, digest: await policyDigest(compiled) };
}
