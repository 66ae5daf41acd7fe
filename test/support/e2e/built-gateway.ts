import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect } from "vitest";
import { readPolicySource } from "../../../src/cli/policy-file/policy-source.ts";
import { shadowFileOf } from "../../../src/cli/policy-file/read-shadow.ts";
import { bundleWorker } from "../../../src/local/bundle.ts";
import { startWorkers } from "../../../src/local/miniflare.ts";
import { BUNDLE_OPTIONS, ENTRIES, POLICY_MODULE } from "../../../src/local/own-workers.ts";
import { GATEWAY_FLAGS } from "../../../src/local/stack-workers.ts";
import type { WorkerLog } from "../../../src/local/worker-logs.ts";
import { scopegate } from "../cli/run-scopegate.ts";

/** A gateway on workerd that has no compiler, as it is deployed: its policy is what `check --output` writes. */
export interface BuiltGateway extends AsyncDisposable {
  readonly origin: string;
  /** Everything that was logged, oldest first. */
  readonly logs: readonly WorkerLog[];
  /** Puts another policy in place, as a deployment does. */
  deploy(policy: string, vars?: Vars): Promise<void>;
}

type Vars = Readonly<Record<string, unknown>>;

/**
 * Starts a gateway with the policy of a file, which must pass the check without the wrangler file beside it.
 *
 * @param change changes what the check wrote, as no policy could ask for
 */
export async function startBuiltGateway(
  policy: string,
  vars: Vars = {},
  change: (built: unknown) => unknown = (it) => it,
): Promise<BuiltGateway> {
  const script = await bundleWorker(ENTRIES.gateway, BUNDLE_OPTIONS);
  const workers = async (file: string, its: Vars) => [
    {
      name: "gateway",
      script,
      jsonModules: { [POLICY_MODULE]: change(await built(file)) },
      vars: its,
      kv: ["JWKS"],
      compatibilityFlags: GATEWAY_FLAGS,
    },
  ];
  const logs: WorkerLog[] = [];
  const running = await startWorkers({ workers: await workers(policy, vars), onLog: (log) => logs.push(log) });
  return {
    logs,
    origin: running.urls["gateway"] ?? "",
    deploy: async (file, its = vars) => running.reload(await workers(file, its)),
    [Symbol.asyncDispose]: () => running.dispose(),
  };
}

async function built(policy: string): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), "scopegate-built-"));
  try {
    const [alone, output] = [join(folder, "routes.json"), join(folder, "policy.json")];
    copyFileSync(policy, alone);
    const candidate = shadowFileOf(readPolicySource(policy));
    if (candidate !== undefined) copyFileSync(candidate, join(folder, basename(candidate)));
    const { exitCode, stdout, stderr } = await scopegate("check", "--policy", alone, "--output", output);
    expect([exitCode, exitCode === 0 ? "" : stdout + stderr]).toEqual([0, ""]);
    return JSON.parse(readFileSync(output, "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
