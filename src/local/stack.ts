/**
 * The running example on this machine: the issuer, the product and order services, and the gateway in front of them.
 */
import { randomUUID } from "node:crypto";
import { GATEWAY_BINDINGS } from "../env.ts";
import { ownModule } from "../installation.ts";
import { STACK_PORTS, type StackWorker } from "./addresses.ts";
import { bundleWorkers, type PerWorker } from "./bundle.ts";
import {
  isAddressInUse,
  type LocalWorker,
  type RunningWorkers,
  type StartOptions,
  startWorkers,
  type Urls,
  type WorkerLog,
} from "./miniflare.ts";
import { isPortFree } from "./ports.ts";
import { watchScripts } from "./watch-scripts.ts";

/** The gateway's vars, which give `${NAME}` in `routes.json` its value. */
type Vars = Readonly<Record<string, unknown>>;

/** How to run the local stack. */
export interface StackOptions {
  /** The port of each Worker; 0 stands for any free port. */
  readonly ports: Readonly<Record<StackWorker, number>>;
  /** Directory for keys, products, orders and key sets. Without it, they are deleted when the stack stops. */
  readonly persist?: string;
  /** Contents that replace source files; see `bundleWorker`. Cannot be combined with `onRebuild`. */
  readonly files?: Readonly<Record<string, string>>;
  /**
   * Reads more vars for the gateway, at the start and before each reload. Vars for local addresses win. If it rejects,
   * the start rejects with the same error, and a reload reports the error.
   */
  readonly readVars?: () => Promise<Vars>;
  readonly onLog?: (log: WorkerLog) => void;
  /**
   * If given, the Workers are reloaded when `routes.json`, a source or a file in `watch` changes. Called after each
   * change with the gateway's vars. Without errors, the change is being served; with errors, the version before it
   * still is.
   */
  readonly onRebuild?: (errors: readonly string[], vars: Vars) => void | Promise<void>;
  /** Absolute paths of other files that `readVars` depends on. */
  readonly watch?: readonly string[];
}

/** The local stack while it runs. */
export interface Stack {
  /** The origin of each Worker. */
  readonly urls: Readonly<Record<StackWorker, string>>;
  /** The gateway's vars. */
  readonly vars: Vars;
  /** The issuer's identifier, `iss`. */
  readonly issuerUrl: string;
  readonly tokenUrl: string;
  /** Fires the gateway's cron trigger. Resolves with its outcome, `ok` or `exception`. */
  scheduled(): Promise<string>;
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

/** The longest time that the gateway may take for its first answer. */
const READY_TIMEOUT_MS = 10_000;

/** The gateway's cron trigger in `wrangler.toml`. */
export const GATEWAY_CRON = "*/5 * * * *";
/** The gateway's compatibility flags in `wrangler.toml`. */
export const GATEWAY_FLAGS = ["global_fetch_strictly_public"];

/** Cognito's pool identifiers look like `eu-central-1_aBcDeFgHi`. */
const POOL_ID = "local_pool";

const STACK_WORKERS = Object.keys(STACK_PORTS) as StackWorker[];

const ENTRIES: PerWorker<StackWorker> = {
  gateway: ownModule("index"),
  issuer: ownModule("local/issuer/index"),
  products: ownModule("local/products/index"),
  orders: ownModule("local/orders/index"),
};

/**
 * Starts the stack in one process. Resolves when the gateway gives its first answer, even if that is an error. Rejects
 * with `PortInUseError`, and with esbuild's `BuildFailure` if a source does not compile.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { ports, onRebuild, readVars = async () => ({}) } = options;
  await assertPortsFree(ports);
  let [scripts, vars] = await Promise.all([
    bundleWorkers(ENTRIES, options.files ? { files: options.files } : {}),
    readVars(),
  ]);
  const stopped = new Set<StackWorker>();
  const list = () => stackWorkers(ports, scripts, vars).filter(({ name }) => !stopped.has(name));
  const workers = await startListening(ports, {
    workers: list(),
    persist: options.persist,
    onLog: withoutProbe(options),
  });

  const prepare = async () => {
    vars = await readVars();
  };
  const reload = async (next: PerWorker<StackWorker>) => {
    scripts = next;
    await workers.reload(list());
  };
  const urls = workers.urls as Record<StackWorker, string>;
  const varsNow = () => gatewayVars(urls, vars);
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
        otherFiles: options.watch ?? [],
        scripts,
        prepare,
        reload,
        onRebuild: (errors) => onRebuild(errors, varsNow()),
      });
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    urls,
    get vars() {
      return varsNow();
    },
    issuerUrl: issuerUrl(urls),
    tokenUrl: `${urls.issuer}/oauth2/token`,
    scheduled: () => workers.scheduled("gateway", GATEWAY_CRON),
    async stop(worker) {
      stopped.add(worker);
      await workers.reload(list());
    },
    dispose,
  };
}

async function assertPortsFree(ports: StackOptions["ports"]): Promise<void> {
  for (const worker of STACK_WORKERS) {
    const port = ports[worker];
    if (port !== 0 && !(await isPortFree(port))) throw new PortInUseError(worker, port);
  }
}

/** Starts the Workers. Throws `PortInUseError` also for a port that was taken after it had been found free. */
async function startListening(ports: StackOptions["ports"], options: StartOptions): Promise<RunningWorkers> {
  try {
    return await startWorkers(options);
  } catch (error) {
    if (isAddressInUse(error)) await assertPortsFree(ports);
    throw error;
  }
}

/** The id of the request that waits for the gateway's first answer. Its log line is not passed on. */
const PROBE_ID = `local-stack-${randomUUID()}`;

function withoutProbe({ onLog }: StackOptions): StackOptions["onLog"] {
  return onLog && ((log) => isProbe(log) || onLog(log));
}

function isProbe({ message: [line] }: WorkerLog): boolean {
  return Reflect.get(Object(line), "request_id") === PROBE_ID;
}

function stackWorkers(
  ports: StackOptions["ports"],
  scripts: PerWorker<StackWorker>,
  vars: Vars,
): readonly (LocalWorker & { readonly name: StackWorker })[] {
  const base = <Name extends StackWorker>(name: Name) => ({ name, script: scripts[name], port: ports[name] });
  return [
    {
      ...base("gateway"),
      vars: (urls) => gatewayVars(urls, vars),
      kv: [GATEWAY_BINDINGS.keys],
      bindings: { [GATEWAY_BINDINGS.version]: { type: "version-metadata" } },
      compatibilityFlags: GATEWAY_FLAGS,
    },
    { ...base("issuer"), vars: (urls) => ({ ISSUER_URL: issuerUrl(urls) }), d1: ["DB"] },
    { ...base("products"), d1: ["DB"] },
    { ...base("orders"), d1: ["DB"] },
  ];
}

function gatewayVars(urls: Urls, vars: Vars): Vars {
  return {
    ...vars,
    ISSUER_URL: issuerUrl(urls),
    PRODUCTS_URL: urls["products"] ?? "",
    ORDERS_URL: urls["orders"] ?? "",
  };
}

function issuerUrl(urls: Urls): string {
  return `${urls["issuer"]}/${POOL_ID}`;
}
