import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Gateway } from "./gateway.ts";

/** The package has no types: `default` is the path of the program for this machine. */
const { default: WORKERD, version } = createRequire(import.meta.url)("workerd") as {
  readonly default: string;
  readonly version: string;
};

/** Version of workerd, as a date. */
export const workerdVersion = version;

/** A Worker to be served by plain workerd, in a process of its own. */
export interface ServedWorker {
  readonly name: string;
  /** Text of its one module. */
  readonly script: string;
  /** A string becomes a text binding, any other value a JSON binding. */
  readonly vars: Readonly<Record<string, unknown>>;
  /** Text of the Worker that stands in for Workers KV, if it is bound. */
  readonly keyValue?: string;
  /** Flags of V8, such as `--max-semi-space-size=64`. */
  readonly v8Flags?: readonly string[];
  /** Gets what it logs, in pieces. Without, that goes to `/dev/null`: lines are made and written, but nobody reads them. */
  readonly onOutput?: (text: string) => void;
}

/** Killed when the process exits. A signal would end it without that, so signals make it exit. */
const running = new Set<ChildProcess>();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
process.on("exit", () => {
  for (const child of running) child.kill();
});

/** Starts workerd as it runs in production, without miniflare in front of it. Resolves once it listens. */
export async function startWorkerd(worker: ServedWorker, compatibility: Compatibility): Promise<Gateway> {
  const directory = await mkdtemp(join(tmpdir(), "scopegate-bench-"));
  await writeFile(join(directory, "worker.js"), worker.script);
  if (worker.keyValue !== undefined) await writeFile(join(directory, "key-value.js"), worker.keyValue);
  const config = join(directory, "config.capnp");
  await writeFile(config, configText(worker, compatibility));
  const stdout = worker.onOutput === undefined ? "ignore" : "pipe";
  // The fourth descriptor is where workerd tells the port it was given.
  const child = spawn(WORKERD, ["serve", "--control-fd=3", config], { stdio: ["ignore", stdout, "inherit", "pipe"] });
  child.stdout?.setEncoding("utf8").on("data", worker.onOutput ?? (() => {}));
  running.add(child);
  const exited = once(child, "exit").finally(() => running.delete(child));
  const port = await Promise.race([
    listeningPort(child.stdio[3] as NodeJS.ReadableStream),
    exited.then(([code]) => Promise.reject(new Error(`workerd with ${worker.name} ended with ${code}`))),
  ]);
  return {
    name: worker.name,
    port,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill();
      await exited;
      await rm(directory, { recursive: true });
    },
  };
}

/** What a wrangler file says of the runtime. */
export interface Compatibility {
  readonly date: string;
  readonly flags: readonly string[];
}

async function listeningPort(control: NodeJS.ReadableStream): Promise<number> {
  const [line] = await once(control, "data");
  const { port } = JSON.parse(String(line)) as { port: number };
  return port;
}

function configText({ vars, keyValue, v8Flags = [] }: ServedWorker, { date, flags }: Compatibility): string {
  const common = `compatibilityDate = ${quoted(date)}`;
  const bindings = Object.entries(vars).map(([name, value]) =>
    typeof value === "string"
      ? `(name = ${quoted(name)}, text = ${quoted(value)})`
      : `(name = ${quoted(name)}, json = ${quoted(JSON.stringify(value))})`,
  );
  if (keyValue !== undefined) bindings.push(`(name = "JWKS", kvNamespace = "key-value")`);
  const services = [
    `(name = "main", worker = (modules = [(name = "worker.js", esModule = embed "worker.js")], ${common},
      compatibilityFlags = [${flags.map(quoted).join(", ")}], bindings = [${bindings.join(", ")}]))`,
    `(name = "internet", network = (allow = ["public", "private"]))`,
  ];
  if (keyValue !== undefined) {
    services.push(
      `(name = "key-value", worker = (modules = [(name = "kv.js", esModule = embed "key-value.js")], ${common}))`,
    );
  }
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [${services.join(",\n    ")}],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
  v8Flags = [${v8Flags.map(quoted).join(", ")}]
);
`;
}

/** A JSON string is a Cap'n Proto string as long as it is ASCII. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
