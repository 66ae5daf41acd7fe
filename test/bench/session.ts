import { startJwksServer, startUpstream } from "./environment.ts";
import type { Gateway } from "./gateway.ts";
import { type Environment, gatewayCompatibility } from "./gateways.ts";
import { type BenchIssuer, createIssuer } from "./load/workloads.ts";
import type { ServedWorker } from "./served/served-worker.ts";
import { startWorkerd } from "./workerd.ts";

/** What all gateways of a run share, and the gateways that run. */
export interface Session extends AsyncDisposable {
  readonly issuer: BenchIssuer;
  readonly environment: Environment;
  readonly upstreamHost: string;
  /** All of them are stopped at the end. */
  readonly gateways: Gateway[];
  start(workers: readonly ServedWorker[], v8Flags: readonly string[]): Promise<void>;
}

/** Starts an upstream and an issuer. */
export async function startSession(): Promise<Session> {
  const upstream = await startUpstream();
  const server = await startJwksServer();
  const issuer = createIssuer();
  server.publish(issuer.jwks);
  const gateways: Gateway[] = [];
  return {
    issuer,
    environment: { issuer: server.issuer, upstream: `http://${upstream.host}`, jwks: issuer.jwks },
    upstreamHost: upstream.host,
    gateways,
    start: async (workers, v8Flags) => {
      for (const worker of workers) {
        gateways.push(await startWorkerd({ ...worker, v8Flags }, gatewayCompatibility()));
      }
    },
    [Symbol.asyncDispose]: async () => {
      for (const gateway of gateways) await gateway.stop();
      await upstream.stop();
      await server.stop();
    },
  };
}
