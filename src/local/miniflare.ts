/**
 * Workers on workerd, in one process, each on its own loopback port. The only file that constructs Miniflare.
 *
 * A Worker's port is a socket of workerd itself, with none of Miniflare's own Workers in between: raw paths (`//x`,
 * `/a/%2e%2e/b`), `Connection` header lines and WebSocket upgrades reach the Worker as a client sent them. Two things
 * differ from a deployment: a request header `MF-CF-Blob` becomes `request.cf`, and outgoing requests pass through a
 * Worker of Miniflare's that copies them.
 */
import { Miniflare, type MiniflareOptions } from "miniflare";
import { freePorts, LOOPBACK } from "./ports.ts";

/** As in `wrangler.toml`. */
export const COMPATIBILITY_DATE = "2026-08-01";

type WorkerConfig = MiniflareOptions["workers"][number]["config"];

/**
 * Variables: strings, or anything else that JSON can hold. A function when they hold the addresses of the Workers,
 * which are known before any is started.
 */
export type Vars = Readonly<Record<string, unknown>> | ((urls: Urls) => Readonly<Record<string, unknown>>);

/** What Miniflare takes for a variable that is no text. */
type JsonValue = Extract<NonNullable<WorkerConfig["env"]>[string], { readonly type: "json" }>["value"];

/** Origin (`http://127.0.0.1:<port>`) by the Worker's name. */
export type Urls = Readonly<Record<string, string>>;

export interface LocalWorker {
  /** Unique among the Workers started together. */
  readonly name: string;
  /** Text of its one ES module, as `bundleWorker` gives it. */
  readonly script: string;
  /** Loopback port; 0, the default, is a free one. */
  readonly port?: number;
  readonly vars?: Vars;
  /** Names of KV bindings; each is a namespace of its own. */
  readonly kv?: readonly string[];
  /** Names of D1 bindings; each is a database of its own. */
  readonly d1?: readonly string[];
  /** Service bindings: name of the binding -> name of the Worker. */
  readonly services?: Readonly<Record<string, string>>;
  /** Any other binding, as Miniflare spells it. */
  readonly bindings?: NonNullable<WorkerConfig["env"]>;
  readonly compatibilityFlags?: readonly string[];
}

/** One call of `console` in a Worker, or an exception that left it (level `error`). */
export interface WorkerLog {
  /** Name of the Worker. */
  readonly worker: string;
  /** `log`, `info`, `debug`, `warn` or `error`. */
  readonly level: string;
  /** The arguments, as JSON would carry them: objects stay objects. */
  readonly message: readonly unknown[];
}

export interface StartOptions {
  readonly workers: readonly LocalWorker[];
  /** Directory for the contents of KV and D1; without it they go when the Workers stop. */
  readonly persist?: string | undefined;
  /**
   * Called with what the Workers log while they serve an event, once that event has ended: after the response, and for
   * a stream or a WebSocket not before it is closed. What a module logs while it is loaded is not passed on.
   */
  readonly onLog?: ((log: WorkerLog) => void) | undefined;
}

export interface RunningWorkers {
  readonly urls: Urls;
  /**
   * Replaces all the Workers: those not listed stop, and their ports refuse connections. A Worker keeps its port, and
   * KV and D1 keep their contents; isolate memory is lost. Rejects when a script does not load; a later call may mend
   * it.
   */
  reload(workers: readonly LocalWorker[]): Promise<void>;
  /** Fires a Worker's cron trigger; resolves when the handler is done, with its outcome: `ok` or `exception`. */
  scheduled(worker: string, cron: string, scheduledTime?: Date): Promise<string>;
  /** Stops workerd. May be called again. */
  dispose(): Promise<void>;
}

/** How often free ports are chosen anew when another process was quicker. */
const MAX_START_ATTEMPTS = 3;

/**
 * Starts the Workers; resolves when all of them listen. Rejects with `code` `ERR_ADDRESS_IN_USE` when a given port is
 * taken, and with workerd's complaint when a script does not load.
 */
export async function startWorkers(options: StartOptions): Promise<RunningWorkers> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(options);
    } catch (error) {
      const mayPassNextTime = isAddressInUse(error) && options.workers.some((worker) => !worker.port);
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
    // Of an instance that never started, `dispose` rejects with the same error once it has cleaned up.
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
    dispose() {
      disposed ??= runtime.dispose();
      return disposed;
    },
  };
}

/** Gives each Worker without one a port; a Worker that had one keeps it. */
async function assignPorts(ports: Map<string, number>, workers: readonly LocalWorker[]): Promise<void> {
  for (const worker of workers) if (worker.port) ports.set(worker.name, worker.port);
  const without = workers.filter((worker) => !ports.has(worker.name));
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
    // Else Miniflare asks workers.cloudflare.com what to put into `request.cf`.
    cf: false,
    // Else every Miniflare of this machine finds these Workers.
    enableDevRegistry: false,
    logRequests: false,
    handleStructuredLogs: ({ message }) => {
      const log = parseLog(message);
      if (log) onLog?.(log);
    },
    ...(persist !== undefined && { resourcePersistencePath: persist }),
    workers: [
      ...workers.map((worker) => workerOptions(worker, ports.get(worker.name) ?? 0, urls)),
      { config: { name: LOG_WORKER, compatibilityDate: COMPATIBILITY_DATE, manifest: manifest(LOG_SCRIPT) } },
    ],
  };
}

function workerOptions(worker: LocalWorker, port: number, urls: Urls): MiniflareOptions["workers"][number] {
  const vars = typeof worker.vars === "function" ? worker.vars(urls) : (worker.vars ?? {});
  const env: NonNullable<WorkerConfig["env"]> = { ...worker.bindings };
  for (const [name, value] of Object.entries(vars)) {
    env[name] = typeof value === "string" ? { type: "text", value } : { type: "json", value: value as JsonValue };
  }
  for (const name of worker.kv ?? []) env[name] = { type: "kv" };
  for (const name of worker.d1 ?? []) env[name] = { type: "d1" };
  for (const [name, target] of Object.entries(worker.services ?? {})) env[name] = { type: "worker", worker: target };
  return {
    config: {
      name: worker.name,
      compatibilityDate: COMPATIBILITY_DATE,
      compatibilityFlags: [...(worker.compatibilityFlags ?? [])],
      manifest: manifest(worker.script),
      env,
      tailConsumers: [{ worker: LOG_WORKER, props: { worker: worker.name } }],
    },
    dev: {
      unsafeDirectSockets: [{ host: LOOPBACK, port }],
      // Else outgoing requests lose `CF-Connecting-IP` and gain `CF-Worker`, and a test could not tell who did it.
      stripCfConnectingIp: false,
    },
  };
}

function manifest(script: string): NonNullable<WorkerConfig["manifest"]> {
  return { mainModule: "index.js", modules: { "index.js": { type: "esm", contents: script } } };
}

/** Whether a port that was to be listened on is taken; the error does not say which. */
export function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_ADDRESS_IN_USE";
}

const LOG_WORKER = "scopegate-log";
/** Tells the lines of `LOG_SCRIPT` from all else that workerd prints. */
const LOG_PREFIX = "scopegate-log ";

/**
 * workerd prints an object as `util.inspect` would, cut at a depth of three. A tail Worker gets it whole, and knows by
 * its props whose log it is.
 */
const LOG_SCRIPT = `
const print = (log) => console.log(${JSON.stringify(LOG_PREFIX)} + JSON.stringify(log));
export default {
  tail(events, env, { props: { worker } }) {
    for (const { logs, exceptions } of events) {
      for (const { level, message } of logs) print({ worker, level, message });
      for (const { name, message, stack } of exceptions) {
        print({ worker, level: "error", message: [name + ": " + message, stack ?? ""] });
      }
    }
  },
};
`;

function parseLog(line: string): WorkerLog | undefined {
  return line.startsWith(LOG_PREFIX) ? (JSON.parse(line.slice(LOG_PREFIX.length)) as WorkerLog) : undefined;
}
