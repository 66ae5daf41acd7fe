import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { LOOPBACK } from "../../src/local/ports.ts";

/** The upstream, in a process of its own. */
export interface Upstream {
  readonly host: string;
  stop(): Promise<void>;
}

/** Resolves once it listens. */
export async function startUpstream(): Promise<Upstream> {
  const child = fork(join(import.meta.dirname, "upstream.ts"));
  const [{ port }] = (await once(child, "message")) as [AddressInfo];
  return {
    host: `${LOOPBACK}:${port}`,
    stop: async () => {
      child.kill();
      await once(child, "exit");
    },
  };
}

/** Serves an issuer's key set. It gets a few requests in a whole run. */
export interface JwksServer {
  /** Value of `iss`. */
  readonly issuer: string;
  publish(jwks: object): void;
  stop(): Promise<void>;
}

/** Resolves once it listens. It has no keys until a key set is published. */
export async function startJwksServer(): Promise<JwksServer> {
  let body = JSON.stringify({ keys: [] });
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "application/json").end(body);
  });
  server.listen(0, LOOPBACK);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    issuer: `http://${LOOPBACK}:${port}/bench_pool`,
    publish: (jwks) => {
      body = JSON.stringify(jwks);
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
