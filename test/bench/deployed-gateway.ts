import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { featuresText } from "../../src/cli/policy-file/features-file.ts";
import { usedFeatures } from "../../src/features/usage/used-features.ts";
import { bundleWorker } from "../../src/local/bundle.ts";
import { compilePolicy } from "../../src/policy/compile/compile-policy.ts";
import { buildPolicy } from "../../src/policy/compiled/build-policy.ts";
import { ROOT } from "../support/project/project-files.ts";

const POLICY_MODULE = join(ROOT, "src/compile-at-start.ts");
const FEATURES_MODULE = join(ROOT, "src/features/all.ts");

type Files = Readonly<Record<string, string>>;
type Vars = Readonly<Record<string, unknown>>;

/** A policy, and what compiles it. */
export interface PolicyToDeploy {
  readonly policy: unknown;
  readonly vars: Vars;
  /** The policy that its `shadow` names. */
  readonly candidate?: unknown;
  /** Whether the Worker has all features. Left out: only those that the policy uses. */
  readonly hasAllFeatures?: boolean;
}

/** The text of the gateway with a policy, as wrangler's build makes it. */
export async function deployedGateway(deployment: PolicyToDeploy): Promise<string> {
  return bundleMinified("src/index.ts", await deployedFiles(deployment));
}

/**
 * What the build replaces in the sources: the policy is compiled, and the features that it does not use are left out.
 * Throws if the policy has faults.
 */
export async function deployedFiles(deployment: PolicyToDeploy): Promise<Files> {
  const { policy, vars, candidate, hasAllFeatures = false } = deployment;
  const [compiled, built] = [compilePolicy(policy, vars), await buildPolicy(policy, vars, candidate)];
  if (!compiled.ok || !built.ok) {
    const faults = JSON.stringify([compiled, built].map((one) => (one.ok ? [] : one.failure)));
    throw new Error(`the bench's policy has faults: ${faults}`);
  }
  const features = featuresText(FEATURES_MODULE, usedFeatures(compiled.value));
  return {
    [POLICY_MODULE]: `export default ${JSON.stringify(built.value)}`,
    [FEATURES_MODULE]: hasAllFeatures ? await readFile(FEATURES_MODULE, "utf8") : features,
  };
}

/**
 * Bundles and minifies a Worker, with the settings of `wrangler.toml`.
 *
 * @param entry from the project's root
 */
export function bundleMinified(entry: string, files: Files): Promise<string> {
  return bundleWorker(join(ROOT, entry), { files, minify: true });
}
