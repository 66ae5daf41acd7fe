import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";

/**
 * The only address anything local listens on: the stack signs tokens for whoever asks, so it must not leave the
 * machine.
 */
export const LOOPBACK = "127.0.0.1";

/**
 * As many different TCP ports as asked for that were free on loopback a moment ago. They are held together and then
 * released, so another process may still take one before it is used: start anew when that happens.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(close));
  return ports;
}

/** Whether nothing listens on this loopback port now. Errors other than "in use" (a privileged port) throw. */
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
