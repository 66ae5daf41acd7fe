/** The running example on this machine: issuer, product and order services, and the gateway in front of them. */
import { join } from "node:path";
import { STACK_PORTS, type StackWorker } from "./addresses.ts";
import { bundleWorkers, type PerWorker } from "./bundle.ts";
import { type LocalWorker, startWorkers, type Urls, type WorkerLog } from "./miniflare.ts";
import { isPortFree } from "./ports.ts";
import { watchScripts } from "./watch-scripts.ts";

export interface StackOptions {
  /** 0 is a free port. */
  readonly ports: Readonly<Record<StackWorker, number>>;
  /** Directory for keys, products, orders and key sets; without it they go when the stack stops. */
  readonly persist?: string;
  /** Contents that stand in for files of the sources, as in `bundleWorker`. Not together with `onRebuild`. */
  readonly files?: Readonly<Record<string, string>>;
  readonly onLog?: (log: WorkerLog) => void;
  /**
   * When given, `routes.json` and the sources are watched and the Workers reloaded. Called after each change: with no error
   * when the change is being served, else with what is wrong, while the last good state is served on.
   */
  readonly onRebuild?: (errors: readonly string[]) => void;
}

export interface Stack {
  /** Origin of each Worker. */
  readonly urls: Readonly<Record<StackWorker, string>>;
  /** The gateway's vars, from which `${NAME}` in `routes.json` is filled. */
  readonly vars: Readonly<Record<string, string>>;
  /** The issuer's identifier, `iss`. */
  readonly issuerUrl: string;
  readonly tokenUrl: string;
  /** Fires the gateway's cron trigger; resolves with its outcome, `ok` or `exception`. */
  scheduled(): Promise<string>;
  /** Stops one Worker for good; its port then refuses connections. The others lose their isolate memory. */
  stop(worker: StackWorker): Promise<void>;
  /** Stops everything. May be called again. */
  dispose(): Promise<void>;
}

/** A port that the stack was told to use is taken. */
export class PortInUseError extends Error {
  readonly worker: StackWorker;
  readonly port: number;

  constructor(worker: StackWorker, port: number) {
    super(`Port ${port} (${worker}) is in use.`);
    this.worker = worker;
    this.port = port;
  }
}

/** Longest time the gateway may take to answer for the first time. */
const READY_TIMEOUT_MS = 10_000;

/** As in `wrangler.toml`. */
const GATEWAY_CRON = "*/5 * * * *";
const GATEWAY_FLAGS = ["global_fetch_strictly_public"];

/** Cognito's pool identifiers look like `eu-central-1_aBcDeFgHi`. */
const POOL_ID = "local_pool";

const STACK_WORKERS = Object.keys(STACK_PORTS) as StackWorker[];

const ENTRIES: PerWorker<StackWorker> = {
  gateway: join(import.meta.dirname, "../index.ts"),
  issuer: join(import.meta.dirname, "issuer/index.ts"),
  products: join(import.meta.dirname, "products/index.ts"),
  orders: join(import.meta.dirname, "orders/index.ts"),
};

/**
 * Starts the stack in one process; resolves when the gateway answers, whatever it answers. Rejects with `PortInUseError`,
 * and with esbuild's `BuildFailure` when a source does not compile.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  await assertPortsFree(options.ports);
  let scripts = await bundleWorkers(ENTRIES, options.files ? { files: options.files } : {});
  const stopped = new Set<StackWorker>();
  const list = () => stackWorkers(options.ports, scripts).filter(({ name }) => !stopped.has(name));
  const workers = await startWorkers({ workers: list(), persist: options.persist, onLog: options.onLog });

  const reload = async (next: PerWorker<StackWorker>) => {
    scripts = next;
    await workers.reload(list());
  };
  const urls = workers.urls as Record<StackWorker, string>;
  const { onRebuild } = options;
  let stopWatching: (() => Promise<void>) | undefined;
  const dispose = async () => {
    await stopWatching?.();
    await workers.dispose();
  };
  try {
    await fetch(`${urls.gateway}/_gateway/health`, { signal: AbortSignal.timeout(READY_TIMEOUT_MS) });
    if (onRebuild) stopWatching = await watchScripts({ entries: ENTRIES, scripts, reload, onRebuild });
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    urls,
    vars: gatewayVars(urls),
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

function stackWorkers(
  ports: StackOptions["ports"],
  scripts: PerWorker<StackWorker>,
): readonly (LocalWorker & { readonly name: StackWorker })[] {
  const base = <Name extends StackWorker>(name: Name) => ({ name, script: scripts[name], port: ports[name] });
  return [
    {
      ...base("gateway"),
      vars: gatewayVars,
      kv: ["JWKS"],
      bindings: { VERSION: { type: "version-metadata" } },
      compatibilityFlags: GATEWAY_FLAGS,
    },
    { ...base("issuer"), vars: (urls) => ({ ISSUER_URL: issuerUrl(urls) }), d1: ["DB"] },
    { ...base("products"), d1: ["DB"] },
    { ...base("orders"), d1: ["DB"] },
  ];
}

function gatewayVars(urls: Urls): Readonly<Record<string, string>> {
  return {
    ISSUER_URL: issuerUrl(urls),
    PRODUCTS_URL: urls["products"] ?? "",
    ORDERS_URL: urls["orders"] ?? "",
  };
}

function issuerUrl(urls: Urls): string {
  return `${urls["issuer"]}/${POOL_ID}`;
}
