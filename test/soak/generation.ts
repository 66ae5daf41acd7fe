import { Agent } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { bundleWorker } from "../../src/local/bundle.ts";
import { gatewayCompatibility } from "../bench/gateways.ts";
import { startWorkerd } from "../bench/workerd.ts";
import { bundleGateway } from "../support/e2e/test-gateway.ts";
import { within } from "../support/e2e/wait.ts";
import { SCENARIO_LIMIT_MS } from "./crew.ts";
import { soakPolicy } from "./policy.ts";

const KEY_VALUE = `${import.meta.dirname}/../bench/workers/key-value.ts`;
/** Shorter than workerd keeps an idle connection: else its closing could meet a request on its way. */
const IDLE_MS = 2_000;
/** What was sent to an old generation a moment ago may not have been read yet. */
const HANDOVER_MS = 250;
/** Longer than a scenario may take. */
const DRAIN_LIMIT_MS = SCENARIO_LIMIT_MS + 30_000;
/**
 * Half of what the platform grants an isolate (128 MB). Given more, V8 puts off collections for minutes, and what it has
 * not collected yet looks like a leak; given this, a leak ends the isolate.
 */
const HEAP_LIMITS = ["--max-old-space-size=64", "--max-semi-space-size=8"];

/** The gateway with one policy, in a workerd of its own. */
export interface Generation {
  readonly realm: string;
  readonly port: number;
  readonly pid: number;
  /** The connections of its callers. */
  readonly agent: Agent;
  /** Requests that are sent and not at their end. */
  inFlight: number;
  /**
   * Takes no more connections and ends as soon as the last request has (SIGTERM). Rejects when one never does.
   *
   * @returns how many requests were in flight when it was told
   */
  drain(): Promise<number>;
}

/** Starts the gateway with a new policy. Callers reach it once they are sent to its port. */
export async function startGeneration(number: number, issuer: string, upstream: string): Promise<Generation> {
  const realm = `generation-${number}`;
  const [script, keyValue] = await Promise.all([
    bundleGateway(soakPolicy(issuer, upstream, realm)),
    bundleWorker(KEY_VALUE),
  ]);
  const { port, pid, stop } = await startWorkerd(
    { name: realm, script, keyValue, vars: {}, v8Flags: HEAP_LIMITS },
    gatewayCompatibility(),
  );
  const generation: Generation = {
    realm,
    port,
    pid,
    agent: new Agent({ keepAlive: true, timeout: IDLE_MS }),
    inFlight: 0,
    drain: async () => {
      await wait(HANDOVER_MS);
      const { inFlight } = generation;
      try {
        await within(`the end of ${realm}`, stop(), DRAIN_LIMIT_MS);
      } catch (error) {
        process.kill(pid, "SIGKILL");
        throw error;
      }
      return inFlight;
    },
  };
  return generation;
}
