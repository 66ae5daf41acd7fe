/** The running example on this machine: issuer, product and order services, and the gateway in front of them. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { GATEWAY_BINDINGS } from "../env.ts";
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

/** Vars of the gateway, from which `${NAME}` in `routes.json` is filled. */
type Vars = Readonly<Record<string, unknown>>;

export interface StackOptions {
  /** 0 is a free port. */
  readonly ports: Readonly<Record<StackWorker, number>>;
  /** Directory for keys, products, orders and key sets; without it they go when the stack stops. */
  readonly persist?: string;
  /** Contents that stand in for files of the sources, as in `bundleWorker`. Not together with `onRebuild`. */
  readonly files?: Readonly<Record<string, string>>;
  /**
   * Further vars of the gateway, read at first and before each reload; those of the local addresses win. What it
   * rejects with rejects the start, and is an error of the reload.
   */
  readonly readVars?: () => Promise<Vars>;
  readonly onLog?: (log: WorkerLog) => void;
  /**
   * When given, `routes.json`, the sources and `watch` are watched and the Workers reloaded. Called after each change,
   * with the gateway's vars: with no error when the change is being served, else with what is wrong, while what was
   * served before is served on.
   */
  readonly onRebuild?: (errors: readonly string[], vars: Vars) => void | Promise<void>;
  /** Absolute paths of files beside the sources that `readVars` depends on. */
  readonly watch?: readonly string[];
}

export interface Stack {
  /** Origin of each Worker. */
  readonly urls: Readonly<Record<StackWorker, string>>;
  /** The gateway's vars. */
  readonly vars: Vars;
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
export const GATEWAY_CRON = "*/5 * * * *";
export const GATEWAY_FLAGS = ["global_fetch_strictly_public"];

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
 * Starts the stack in one process; resolves when the gateway answers, whatever it answers. Rejects with
 * `PortInUseError`, and with esbuild's `BuildFailure` when a source does not compile.
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

/** As `startWorkers`, but a port that was taken since it was found free is a `PortInUseError` as well. */
async function startListening(ports: StackOptions["ports"], options: StartOptions): Promise<RunningWorkers> {
  try {
    return await startWorkers(options);
  } catch (error) {
    if (isAddressInUse(error)) await assertPortsFree(ports);
    throw error;
  }
}

/** Whose log line is nobody's business: the request that finds out whether the gateway answers. */
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
