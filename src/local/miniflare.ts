/**
 * Runs Workers on workerd, in one process, each on its own loopback port. No other file constructs Miniflare.
 *
 * Each port is a socket of workerd itself, without Miniflare's own Workers in between. Raw paths (`//x`,
 * `/a/%2e%2e/b`), `Connection` header lines and WebSocket upgrades therefore reach the Worker as a client sent them.
 * Two things differ from a deployment: a request header `MF-CF-Blob` becomes `request.cf`, and outgoing requests pass
 * through a Worker of Miniflare that copies them.
 */
import { Miniflare, type MiniflareOptions } from "miniflare";
import { freePorts, LOOPBACK } from "./ports.ts";
import { LOG_SCRIPT, LOG_WORKER, parseWorkerLog, type WorkerLog } from "./worker-logs.ts";

/** The compatibility date in `wrangler.toml`. */
export const COMPATIBILITY_DATE = "2026-08-01";

type WorkerConfig = MiniflareOptions["workers"][number]["config"];

/**
 * Variables: strings, or any other JSON values. A function gets the addresses of all Workers, which are known before
 * the first Worker starts.
 */
export type Vars = Readonly<Record<string, unknown>> | ((urls: Urls) => Readonly<Record<string, unknown>>);

/** What Miniflare takes for a variable that is not a string. */
type JsonValue = Extract<NonNullable<WorkerConfig["env"]>[string], { readonly type: "json" }>["value"];

/** The origin (`http://127.0.0.1:<port>`) of each Worker, by its name. */
export type Urls = Readonly<Record<string, string>>;

/** A Worker to run, with its bindings. */
export interface LocalWorker {
  /** Unique among the Workers started together. */
  readonly name: string;
  /** The text of its main ES module, as `bundleWorker` returns it. */
  readonly script: string;
  /** JSON values that the script imports, by the name of the module, such as `./policy.json`. */
  readonly jsonModules?: Readonly<Record<string, unknown>>;
  /** Loopback port; default: 0, any free port. `none`: only other Workers can reach it. */
  readonly port?: number | "none";
  readonly vars?: Vars;
  /** Names of KV bindings; each gets a namespace of its own. */
  readonly kv?: readonly string[];
  /** Names of D1 bindings; each gets a database of its own. */
  readonly d1?: readonly string[];
  /** Durable Objects with SQLite storage: the name of the binding and the class, which the script exports. */
  readonly durableObjects?: Readonly<Record<string, string>>;
  /** Service bindings: the name of the binding and the name of the Worker it leads to, whose `ctx.props` name it. */
  readonly services?: Readonly<Record<string, string>>;
  /**
   * Names of vars that the Worker gets as secrets of a Secrets Store, whose values it has to ask for. The export
   * `StoredSecret` of another Worker plays them.
   */
  readonly storedSecrets?: { readonly names: readonly string[]; readonly worker: string };
  /** Name of the Worker that gets everything it fetches; default: fetches go to the network. */
  readonly outbound?: string;
  /** Other bindings, in the form of Miniflare's options. */
  readonly bindings?: NonNullable<WorkerConfig["env"]>;
  readonly compatibilityFlags?: readonly string[];
}

/** The Workers to run, and what to do with their data and logs. */
export interface StartOptions {
  readonly workers: readonly LocalWorker[];
  /** Directory for the contents of KV and D1. Without it, they are deleted when the Workers stop. */
  readonly persist?: string | undefined;
  /**
   * Called with what the Workers log while they serve an event, after that event has ended: after the response, or
   * after a stream or WebSocket was closed. What a module logs while it loads is not passed on.
   */
  readonly onLog?: ((log: WorkerLog) => void) | undefined;
}

/** Workers that are running. */
export interface RunningWorkers {
  readonly urls: Urls;
  /**
   * Replaces all Workers. Workers that are not listed stop, and their ports refuse connections. The others keep their
   * ports, KV and D1 keep their contents, and isolate memory is lost. Rejects if a script does not load; a later call
   * with other scripts may still succeed.
   */
  reload(workers: readonly LocalWorker[]): Promise<void>;
  /** Fires a Worker's cron trigger. Resolves when the handler has ended, with its outcome: `ok` or `exception`. */
  scheduled(worker: string, cron: string, scheduledTime?: Date): Promise<string>;
  /** Reads a value of a Worker's KV; `null`: there is none. The Worker itself does not notice. */
  readKv(worker: string, binding: string, key: string): Promise<string | null>;
  /** Stops workerd. May be called again. */
  dispose(): Promise<void>;
}

/** How often to choose free ports again if another process takes one of them first. */
const MAX_START_ATTEMPTS = 3;

/**
 * Starts Workers and resolves when all of them listen. Rejects with `code` `ERR_ADDRESS_IN_USE` if a given port is in
 * use, and with workerd's error if a script does not load.
 */
export async function startWorkers(options: StartOptions): Promise<RunningWorkers> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(options);
    } catch (error) {
      const mayPassNextTime = isAddressInUse(error) && options.workers.some(({ port }) => !port);
      if (!mayPassNextTime || attempt === MAX_START_ATTEMPTS) throw error;
    }
  }
}

async function start(options: StartOptions): Promise<RunningWorkers> {
  const ports = new Map<string, number>();
  await assignPorts(ports, options.workers);
  const runtime = new Miniflare(miniflareOptions(options, options.workers, ports));
  try {
    await runtime.ready;
  } catch (error) {
    // If the instance never started, `dispose` cleans up and then rejects with the same error.
    await runtime.dispose().catch(() => undefined);
    throw error;
  }

  let disposed: Promise<void> | undefined;
  return {
    get urls() {
      return urlsOf(ports);
    },
    async reload(workers) {
      await assignPorts(ports, workers);
      await runtime.setOptions(miniflareOptions(options, workers, ports));
    },
    async scheduled(worker, cron, scheduledTime) {
      const fetcher = await runtime.getWorker(worker);
      const { outcome } = await fetcher.scheduled({ cron, ...(scheduledTime && { scheduledTime }) });
      return outcome;
    },
    async readKv(worker, binding, key) {
      const namespace = await runtime.getKVNamespace(binding, worker);
      return namespace.get(key, "text");
    },
    dispose() {
      disposed ??= runtime.dispose();
      return disposed;
    },
  };
}

/** Assigns a port to each Worker that has none. A Worker keeps the port that it had. */
async function assignPorts(ports: Map<string, number>, workers: readonly LocalWorker[]): Promise<void> {
  for (const { name, port } of workers) if (typeof port === "number" && port !== 0) ports.set(name, port);
  const without = workers.filter(({ name, port }) => port !== "none" && !ports.has(name));
  const free = await freePorts(without.length);
  for (const [index, worker] of without.entries()) ports.set(worker.name, free[index] ?? 0);
}

function urlsOf(ports: ReadonlyMap<string, number>): Urls {
  return Object.fromEntries(Array.from(ports, ([name, port]) => [name, `http://${LOOPBACK}:${port}`]));
}

function miniflareOptions(
  options: StartOptions,
  workers: readonly LocalWorker[],
  ports: ReadonlyMap<string, number>,
): MiniflareOptions {
  const { persist, onLog } = options;
  const urls = urlsOf(ports);
  return {
    // Without this, Miniflare asks workers.cloudflare.com for the contents of `request.cf`.
    cf: false,
    // Without this, every Miniflare on this machine could find these Workers.
    enableDevRegistry: false,
    logRequests: false,
    handleStructuredLogs: ({ message }) => {
      const log = parseWorkerLog(message);
      if (log) onLog?.(log);
    },
    ...(persist !== undefined && { resourcePersistencePath: persist }),
    workers: [
      ...workers.map((worker) => workerOptions(worker, ports.get(worker.name), urls)),
      { config: { name: LOG_WORKER, compatibilityDate: COMPATIBILITY_DATE, manifest: manifest(LOG_SCRIPT) } },
    ],
  };
}

function workerOptions(worker: LocalWorker, port: number | undefined, urls: Urls): MiniflareOptions["workers"][number] {
  const vars = typeof worker.vars === "function" ? worker.vars(urls) : (worker.vars ?? {});
  const env: NonNullable<WorkerConfig["env"]> = { ...worker.bindings };
  for (const [name, value] of Object.entries(vars)) {
    env[name] = typeof value === "string" ? { type: "text", value } : { type: "json", value: value as JsonValue };
  }
  for (const name of worker.storedSecrets?.names ?? []) {
    const player = worker.storedSecrets?.worker ?? "";
    env[name] = { type: "worker", worker: player, exportName: "StoredSecret", props: { value: vars[name] } };
  }
  for (const name of worker.kv ?? []) env[name] = { type: "kv" };
  for (const name of worker.d1 ?? []) env[name] = { type: "d1" };
  const objects = Object.entries(worker.durableObjects ?? {});
  for (const [name, exportName] of objects) env[name] = { type: "durable-object", worker: worker.name, exportName };
  for (const [name, target] of Object.entries(worker.services ?? {})) {
    env[name] = { type: "worker", worker: target, props: { binding: name } };
  }
  return {
    config: {
      name: worker.name,
      compatibilityDate: COMPATIBILITY_DATE,
      compatibilityFlags: [...(worker.compatibilityFlags ?? [])],
      manifest: manifest(worker.script, worker.jsonModules),
      env,
      exports: Object.fromEntries(objects.map(([, name]) => [name, { type: "durable-object", storage: "sqlite" }])),
      tailConsumers: [{ worker: LOG_WORKER, props: { worker: worker.name } }],
    },
    dev: {
      unsafeDirectSockets: port === undefined ? [] : [{ host: LOOPBACK, port }],
      ...(worker.outbound !== undefined && { outboundService: { type: "worker", worker: worker.outbound } }),
      // Without this, Miniflare would change `CF-Connecting-IP` and `CF-Worker` of outgoing requests, and a test could
      // not tell whether the gateway did.
      stripCfConnectingIp: false,
    },
  };
}

function manifest(script: string, values: LocalWorker["jsonModules"] = {}): NonNullable<WorkerConfig["manifest"]> {
  const json = Object.entries(values).map(([name, value]) => [
    name.replace(/^\.\//, ""),
    { type: "json", contents: JSON.stringify(value) } as const,
  ]);
  return {
    mainModule: "index.js",
    modules: { "index.js": { type: "esm", contents: script }, ...Object.fromEntries(json) },
  };
}

/** Whether an error says that a port is in use. It does not say which port. */
export function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_ADDRESS_IN_USE";
}
