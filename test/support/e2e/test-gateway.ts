import { join } from "node:path";
import { bundleWorker } from "../../../src/local/bundle.ts";
import { type LocalWorker, startWorkers } from "../../../src/local/miniflare.ts";
import type { WorkerLog } from "../../../src/local/worker-logs.ts";
import { wrongMembers } from "../log/log-form.ts";
import { ROOT, ROOT_POLICY } from "../project/project-files.ts";
import { eventually } from "./wait.ts";

const ENTRY = join(ROOT, "src/index.ts");

export interface GatewayOptions {
  /** The parsed policy. */
  readonly policy: unknown;
  readonly vars?: NonNullable<LocalWorker["vars"]>;
  /** Service bindings: name of the Worker by name of the binding. */
  readonly services?: NonNullable<LocalWorker["services"]>;
  /** Vars that it gets as secrets of a Secrets Store, and the Worker that plays the store. */
  readonly storedSecrets?: NonNullable<LocalWorker["storedSecrets"]>;
  /** Other bindings, in the form of Miniflare's options. */
  readonly bindings?: NonNullable<LocalWorker["bindings"]>;
  /** Durable Objects: the class by the name of the binding. */
  readonly durableObjects?: NonNullable<LocalWorker["durableObjects"]>;
  /** Further Workers to start with it. */
  readonly workers?: readonly LocalWorker[];
}

/** A gateway on workerd, seen from outside: its address and its log. */
export interface TestGateway {
  readonly origin: string;
  /** Origin of each Worker. */
  readonly urls: Readonly<Record<string, string>>;
  /** Everything that was logged, oldest first. */
  readonly logs: readonly WorkerLog[];
  /**
   * The decision line of the request that had this `x-request-id`. All lines before it must have the documented form.
   */
  decision(requestId: string): Promise<Readonly<Record<string, unknown>>>;
  /** Fires the cron trigger. */
  scheduled(): Promise<string>;
  /** A new isolate, with nothing in its memory; KV stays. */
  restart(): Promise<void>;
  dispose(): Promise<void>;
}

/** Starts the gateway with a policy, on a free port. */
export async function startGateway(options: GatewayOptions): Promise<TestGateway> {
  return runGateway(await bundleGateway(options.policy), options);
}

/** The text of the gateway with a parsed policy. */
export function bundleGateway(policy: unknown): Promise<string> {
  return bundleWorker(ENTRY, { files: { [ROOT_POLICY]: JSON.stringify(policy) } });
}

/** Starts a gateway that is built already. */
export async function runGateway(
  script: string,
  {
    vars = {},
    services = {},
    storedSecrets,
    bindings = {},
    durableObjects = {},
    workers = [],
  }: Omit<GatewayOptions, "policy"> = {},
): Promise<TestGateway> {
  const logs: WorkerLog[] = [];
  const list: readonly LocalWorker[] = [
    {
      name: "gateway",
      script,
      vars,
      services,
      ...(storedSecrets && { storedSecrets }),
      kv: ["JWKS"],
      durableObjects,
      bindings: { ...bindings, VERSION: { type: "version-metadata" } },
      compatibilityFlags: ["global_fetch_strictly_public"],
    },
    ...workers,
  ];
  const running = await startWorkers({ workers: list, onLog: (log) => logs.push(log) });
  return {
    origin: running.urls["gateway"] ?? "",
    urls: running.urls,
    logs,
    decision: (requestId) =>
      eventually(`a decision line of ${requestId}`, () =>
        logs.map(decisionOf).find((line) => line?.["request_id"] === requestId),
      ),
    scheduled: () => running.scheduled("gateway", "*/5 * * * *"),
    restart: () => running.reload(list),
    dispose: () => running.dispose(),
  };
}

function decisionOf({ worker, message: [line] }: WorkerLog): Readonly<Record<string, unknown>> | undefined {
  if (worker !== "gateway" || typeof line !== "object" || line === null) return undefined;
  const fields = line as Readonly<Record<string, unknown>>;
  if (fields["event"] !== "decision") return undefined;
  const wrong = wrongMembers(fields);
  if (wrong.length > 0) throw new Error(`A decision line has not the documented form: ${wrong.join("; ")}`);
  return fields;
}
