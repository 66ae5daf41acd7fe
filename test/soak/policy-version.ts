import { Agent } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { bundleWorker } from "../../src/local/bundle.ts";
import { gatewayCompatibility } from "../bench/gateways.ts";
import { startWorkerd } from "../bench/workerd.ts";
import { bundleGateway } from "../support/e2e/test-gateway.ts";
import { within } from "../support/e2e/wait.ts";
import { SCENARIO_LIMIT_MS } from "./limits.ts";
import { soakPolicy } from "./policy.ts";

const KEY_VALUE = `${import.meta.dirname}/../bench/workers/key-value.ts`;
/** Shorter than workerd keeps an idle connection, so that workerd never closes one while a request is on its way. */
const IDLE_MS = 2_000;
/** The old version may not have read yet what was sent to it a moment ago. */
const HANDOVER_MS = 250;
/** Longer than a scenario may take. */
const DRAIN_LIMIT_MS = SCENARIO_LIMIT_MS + 30_000;
/**
 * Half of what the platform grants an isolate (128 MB). With more, V8 postpones collections for minutes, and garbage
 * looks like a leak; with this limit, a leak ends the isolate.
 */
const HEAP_LIMITS = ["--max-old-space-size=64", "--max-semi-space-size=8"];

/** The gateway with one policy, in a workerd of its own. */
export interface PolicyVersion {
  readonly realm: string;
  readonly port: number;
  readonly pid: number;
  /** The connections of its callers. */
  readonly agent: Agent;
  /** Number of requests that are sent and not finished. */
  inFlight: number;
  /**
   * Takes no more connections and ends after the last request (SIGTERM). Rejects if a request never ends.
   *
   * @returns number of requests in flight at that moment
   */
  drain(): Promise<number>;
}

/** Starts the gateway with a new policy, on a port of its own. */
export async function startPolicyVersion(number: number, issuer: string, upstream: string): Promise<PolicyVersion> {
  const realm = `version-${number}`;
  const [script, keyValue] = await Promise.all([
    bundleGateway(soakPolicy(issuer, upstream, realm)),
    bundleWorker(KEY_VALUE),
  ]);
  const { port, pid, stop } = await startWorkerd(
    { name: realm, script, keyValue, vars: {}, v8Flags: HEAP_LIMITS },
    gatewayCompatibility(),
  );
  const version: PolicyVersion = {
    realm,
    port,
    pid,
    agent: new Agent({ keepAlive: true, timeout: IDLE_MS }),
    inFlight: 0,
    drain: async () => {
      await wait(HANDOVER_MS);
      const { inFlight } = version;
      try {
        await within(`the end of ${realm}`, stop(), DRAIN_LIMIT_MS);
      } catch (error) {
        process.kill(pid, "SIGKILL");
        throw error;
      }
      return inFlight;
    },
  };
  return version;
}
