import { fork } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { LOOPBACK } from "../../src/local/ports.ts";
import type { UpstreamReport } from "./protocol.ts";

/** The upstream, in a process of its own. */
export interface SoakUpstream {
  readonly origin: string;
  report(): Promise<UpstreamReport>;
  stop(): Promise<void>;
}

/** Resolves once it listens. */
export async function startUpstream(): Promise<SoakUpstream> {
  const child = fork(join(import.meta.dirname, "upstream.ts"));
  const [{ port }] = (await once(child, "message")) as [AddressInfo];
  return {
    origin: `http://${LOOPBACK}:${port}`,
    report: async () => {
      const answered = once(child, "message") as Promise<[UpstreamReport]>;
      child.send("report");
      const [report] = await answered;
      return report;
    },
    stop: async () => {
      const exited = once(child, "exit");
      child.kill();
      await exited;
    },
  };
}
