import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { LOOPBACK } from "../../../src/local/ports.ts";

/** Twice the longest token that the gateway accepts: Node's own limit would hide the gateway's. */
const MAX_HEADER_BYTES = 64 * 1024;

/** An HTTP server of this process on loopback. */
export interface TestServer {
  readonly origin: string;
  readonly server: Server;
  /** Listens again, on the same port. */
  start(): Promise<void>;
  /** Refuses new connections and cuts open ones. May be called again. */
  stop(): Promise<void>;
}

/** Starts a server on a free port. */
export async function startServer(listener: RequestListener): Promise<TestServer> {
  // A client would reuse a kept-alive connection just as `stop` cuts it.
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, keepAlive: false }, (request, response) => {
    response.shouldKeepAlive = false;
    listener(request, response);
  });
  const listen = async (port: number): Promise<number> => {
    server.listen(port, LOOPBACK);
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  return {
    origin: `http://${LOOPBACK}:${port}`,
    server,
    start: async () => {
      await listen(port);
    },
    stop: async () => {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
