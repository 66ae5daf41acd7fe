import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";

/**
 * The only address that anything local listens on. The local issuer signs any claims for anyone who asks, so it must
 * not be reachable from other machines.
 */
export const LOOPBACK = "127.0.0.1";

/**
 * Finds different TCP ports that are free on loopback. The ports are opened together and then released, so another
 * process may take one before it is used; the caller then has to start again.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(close));
  return ports;
}

/** Whether nothing listens on this loopback port now. Throws for any other error, such as a privileged port. */
export async function isPortFree(port: number): Promise<boolean> {
  try {
    await close(await listen(port));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return false;
    throw error;
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer().listen(port, LOOPBACK);
  await once(server, "listening");
  return server;
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, "close");
}
