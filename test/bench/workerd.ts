import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { LOOPBACK } from "../../src/local/ports.ts";
import type { Gateway } from "./gateway.ts";
import type { Compatibility, ServedWorker } from "./served/served-worker.ts";
import { workerdConfig } from "./served/workerd-config.ts";

/** The package has no types: `default` is the path of the program for this machine. */
const { default: WORKERD, version } = createRequire(import.meta.url)("workerd") as {
  readonly default: string;
  readonly version: string;
};

/** Version of workerd, as a date. */
export const workerdVersion = version;

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
  await writeFile(config, workerdConfig(worker, compatibility));
  const stdout = worker.onOutput === undefined ? "ignore" : "pipe";
  // The fourth descriptor is where workerd tells the ports it was given.
  const inspector = worker.hasInspector ? [`--inspector-addr=${LOOPBACK}:0`] : [];
  const child = spawn(WORKERD, ["serve", "--control-fd=3", ...inspector, config], {
    stdio: ["ignore", stdout, "inherit", "pipe"],
  });
  child.stdout?.setEncoding("utf8").on("data", worker.onOutput ?? (() => {}));
  running.add(child);
  const exited = once(child, "exit").finally(() => running.delete(child));
  const ports = await Promise.race([
    listeningPorts(child.stdio[3] as NodeJS.ReadableStream),
    exited.then(([code]) => Promise.reject(new Error(`workerd with ${worker.name} ended with ${code}`))),
  ]);
  return {
    name: worker.name,
    port: ports.http,
    ...(ports.inspector !== undefined && { inspectorPort: ports.inspector }),
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill();
      await exited;
      await rm(directory, { recursive: true });
    },
  };
}

interface Ports {
  readonly http: number;
  readonly inspector: number | undefined;
}

/** Reads what workerd tells of its sockets. The inspector, if there is one, listens first. */
async function listeningPorts(control: NodeJS.ReadableStream): Promise<Ports> {
  let inspector: number | undefined;
  for await (const line of createInterface(control)) {
    const { event, port } = JSON.parse(line) as { readonly event: string; readonly port: number };
    if (event === "listen") return { http: port, inspector };
    inspector = port;
  }
  throw new Error("workerd told no port");
}
