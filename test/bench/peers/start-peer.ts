import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts, isPortFree } from "../../../src/local/ports.ts";
import type { Gateway } from "../gateway.ts";
import { apacheConfig } from "./apache.ts";
import { haproxyConfig } from "./haproxy.ts";
import type { PeerContext } from "./peer-context.ts";

const HAPROXY = "/usr/sbin/haproxy";
const APACHE = "/usr/sbin/apache2";
const OPENIDC = "/usr/lib/apache2/modules/mod_auth_openidc.so";
const NPM = join(import.meta.dirname, "node_modules");

/**
 * Starts the installed peers, and reports the others. Calls `onStart` for each as soon as it runs, so that it can be
 * stopped.
 */
export async function startPeers(
  environment: Pick<PeerContext, "upstreamHost" | "issuer" | "keyId" | "publicKey">,
  onStart: (peer: Gateway) => void,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "scopegate-peers-"));
  // Apache's workers run as another user.
  await chmod(directory, 0o755);
  const publicKeyFile = join(directory, "key.pem");
  await writeFile(publicKeyFile, environment.publicKey);
  for (const { name, needs, start } of PEERS) {
    if (!needs.every(existsSync)) {
      console.error(`${name} is not installed: ${needs.join(", ")}`);
      continue;
    }
    const [port = 0] = await freePorts(1);
    await run(name, port, await start({ ...environment, port, publicKeyFile, directory }), onStart);
  }
}

interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Peer {
  readonly name: string;
  readonly needs: readonly string[];
  readonly start: (context: PeerContext) => Promise<Command>;
}

const PEERS: readonly Peer[] = [
  {
    name: "haproxy",
    needs: [HAPROXY],
    start: async (context) => {
      const file = join(context.directory, "haproxy.cfg");
      await writeFile(file, haproxyConfig(context));
      return { program: HAPROXY, args: ["-db", "-f", file] };
    },
  },
  {
    name: "apache",
    needs: [APACHE, OPENIDC],
    start: async (context) => {
      const file = join(context.directory, "apache.conf");
      await writeFile(file, apacheConfig(context));
      return { program: APACHE, args: ["-DFOREGROUND", "-f", file] };
    },
  },
  { name: "express", needs: [join(NPM, "express")], start: async (context) => nodeCommand("express.mjs", context) },
  { name: "fastify", needs: [join(NPM, "fastify")], start: async (context) => nodeCommand("fastify.mjs", context) },
];

function nodeCommand(script: string, { port, upstreamHost, issuer, publicKey }: PeerContext): Command {
  return {
    program: process.execPath,
    args: [join(import.meta.dirname, script)],
    env: { PORT: String(port), UPSTREAM: `http://${upstreamHost}`, ISSUER: issuer, PUBLIC_KEY: publicKey },
  };
}

async function run(
  name: string,
  port: number,
  { program, args, env }: Command,
  onStart: (peer: Gateway) => void,
): Promise<void> {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, ...env } });
  const exited = once(child, "exit");
  onStart({
    name,
    port,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill();
      await exited;
    },
  });
  while (await isPortFree(port)) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
