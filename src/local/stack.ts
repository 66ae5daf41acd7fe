/**
 * The gateway on this machine, with its policy as it is: the local issuer plays the issuers, and upstreams that do not
 * answer have stand-ins. Nothing that the gateway sends out reaches the internet if it is meant for one of these.
 */
import { randomUUID } from "node:crypto";
import { READY_PATH } from "../endpoints/ready.ts";
import { GATEWAY_BINDINGS } from "../env.ts";
import type { StackWorker } from "./addresses.ts";
import { bundleWorkers, type PerWorker } from "./bundle.ts";
import { isAddressInUse, type RunningWorkers, type StartOptions, startWorkers } from "./miniflare.ts";
import { BUNDLE_OPTIONS, ENTRIES, type OwnWorker } from "./own-workers.ts";
import type { StackPlan } from "./plan/plan-stack.ts";
import { EXAMPLE_SERVICES, isExample } from "./plan/plan-upstreams.ts";
import { NO_REAL_ADDRESSES, type RealAddresses, type StackSource } from "./plan/stack-source.ts";
import { isPortFree } from "./ports.ts";
import { type RawResponse, rawRequest } from "./raw-request.ts";
import { GATEWAY_CRON, planFor, stackWorkers } from "./stack-workers.ts";
import { watchScripts } from "./watch-scripts.ts";
import type { WorkerLog } from "./worker-logs.ts";

/** How to run the local stack. */
export interface StackOptions {
  /** The port of each Worker; 0 stands for any free port. */
  readonly ports: Readonly<Record<StackWorker, number>>;
  /**
   * Reads the policy and the vars, at the start and before each reload. If it rejects, the start rejects with the same
   * error, and a reload reports the error.
   */
  readonly readSource: () => Promise<StackSource>;
  /** Real services to use; default: none. */
  readonly real?: RealAddresses;
  /** Directory for keys, products, orders and key sets. Without it, they are deleted when the stack stops. */
  readonly persist?: string;
  readonly onLog?: (log: WorkerLog) => void;
  /**
   * If given, the Workers are reloaded when a source or a file in `watch` changes. Called after each change. Without
   * errors, the change is being served; with errors, the version before it still is.
   */
  readonly onRebuild?: (errors: readonly string[], plan: StackPlan) => void | Promise<void>;
  /** Absolute paths of other files that `readSource` depends on, asked for with each build. They need not exist. */
  readonly watch?: () => readonly string[];
}

/** The local stack while it runs. */
export interface Stack {
  /** The origin of each Worker that runs. The example's services run only for the example's policy. */
  readonly urls: Readonly<Record<"gateway" | "issuer", string>> & Readonly<Partial<Record<StackWorker, string>>>;
  /** What runs now. */
  readonly plan: StackPlan;
  readonly tokenUrl: string;
  /** Fires the gateway's cron trigger. Resolves with its outcome, `ok` or `exception`. */
  scheduled(): Promise<string>;
  /**
   * Asks the gateway whether it is ready, on a host that its policy serves. As always, asking makes the gateway load
   * keys that it lacks. The request leaves no decision line. Rejects if there is no answer within `READY_TIMEOUT_MS`.
   */
  ready(): Promise<RawResponse>;
  /** Reads a value of the gateway's KV for keys, by its name there; `null`: there is none. Changes nothing. */
  readKeyRecord(name: string): Promise<string | null>;
  /** Stops one Worker for good, so that its port refuses connections. The other Workers lose their isolate memory. */
  stop(worker: StackWorker): Promise<void>;
  /** Stops everything. May be called again. */
  dispose(): Promise<void>;
}

/** A port that was chosen for a Worker is in use. */
export class PortInUseError extends Error {
  readonly worker: StackWorker;
  readonly port: number;

  constructor(worker: StackWorker, port: number) {
    super(`Port ${port} (${worker}) is in use.`);
    this.worker = worker;
    this.port = port;
  }
}

/** The longest time that the gateway may take for its first answer, and for saying whether it is ready. */
const READY_TIMEOUT_MS = 10_000;

/**
 * Starts the stack in one process. Resolves when the gateway gives its first answer, even if that is an error. Rejects
 * with `PortInUseError`, and with esbuild's `BuildFailure` if a source does not compile.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { ports, readSource, onRebuild, real = NO_REAL_ADDRESSES } = options;
  let source = await readSource();
  await assertPortsFree(ports, source);
  let scripts = await bundleWorkers(ENTRIES, BUNDLE_OPTIONS);
  const stopped = new Set<StackWorker>();
  const list = () => stackWorkers({ ports, scripts, source, real, stopped });
  const workers = await startListening(ports, source, {
    workers: await list(),
    persist: options.persist,
    onLog: withoutProbe(options),
  });

  const prepare = async () => {
    source = await readSource();
  };
  const reload = async (next: PerWorker<OwnWorker>) => {
    scripts = next;
    await workers.reload(await list());
  };
  const urls = workers.urls as Stack["urls"];
  const planNow = () => planFor({ source, real }, workers.urls);
  let stopWatching: (() => Promise<void>) | undefined;
  const dispose = async () => {
    await stopWatching?.();
    await workers.dispose();
  };
  try {
    await fetch(`${urls.gateway}/_gateway/health`, {
      headers: { "x-request-id": PROBE_ID },
      signal: AbortSignal.timeout(READY_TIMEOUT_MS),
    });
    if (onRebuild) {
      stopWatching = await watchScripts({
        entries: ENTRIES,
        bundle: BUNDLE_OPTIONS,
        otherFiles: options.watch ?? (() => []),
        scripts,
        prepare,
        reload,
        onRebuild: (errors) => onRebuild(errors, planNow()),
      });
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    get urls() {
      return workers.urls as Stack["urls"];
    },
    get plan() {
      return planNow();
    },
    tokenUrl: `${urls.issuer}/oauth2/token`,
    scheduled: () => workers.scheduled("gateway", GATEWAY_CRON),
    ready() {
      const [host] = planNow().policy?.hosts ?? [];
      const headers = { "x-request-id": PROBE_ID, ...(host !== undefined && { host }) };
      return rawRequest({
        origin: urls.gateway,
        path: READY_PATH,
        headers,
        signal: AbortSignal.timeout(READY_TIMEOUT_MS),
      });
    },
    readKeyRecord: (name) => workers.readKv("gateway", GATEWAY_BINDINGS.keys, name),
    async stop(worker) {
      stopped.add(worker);
      await workers.reload(await list());
    },
    dispose,
  };
}

async function assertPortsFree(ports: StackOptions["ports"], { config }: StackSource): Promise<void> {
  const needed: readonly StackWorker[] = ["gateway", "issuer", ...(isExample(config) ? EXAMPLE_SERVICES : [])];
  for (const worker of needed) {
    const port = ports[worker];
    if (port !== 0 && !(await isPortFree(port))) throw new PortInUseError(worker, port);
  }
}

/** Starts the Workers. Throws `PortInUseError` also for a port that was taken after it had been found free. */
async function startListening(
  ports: StackOptions["ports"],
  source: StackSource,
  options: StartOptions,
): Promise<RunningWorkers> {
  try {
    return await startWorkers(options);
  } catch (error) {
    if (isAddressInUse(error)) await assertPortsFree(ports, source);
    throw error;
  }
}

/**
 * The id of the stack's own requests, such as the one that waits for the first answer. Their lines are not passed on.
 */
const PROBE_ID = `local-stack-${randomUUID()}`;

function withoutProbe({ onLog }: StackOptions): StackOptions["onLog"] {
  return onLog && ((log) => isProbe(log) || onLog(log));
}

function isProbe({ message: [line] }: WorkerLog): boolean {
  return Reflect.get(Object(line), "request_id") === PROBE_ID;
}
