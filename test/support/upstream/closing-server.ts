import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** What a server does with one connection, once the first bytes of a request are there. */
export type Behaviour = (socket: Socket, target: string) => void;

/** A server below HTTP: it can close, reset and answer in part. */
export interface ClosingServer extends AsyncDisposable {
  readonly origin: string;
  /** The request lines that arrived, oldest first. */
  readonly requests: readonly string[];
}

/** Starts a server whose connections behave in turn; the last behaviour stays. */
export async function startClosingServer(...behaviours: readonly Behaviour[]): Promise<ClosingServer> {
  const requests: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => {});
    socket.on("data", (data) => {
      const [line = ""] = data.toString("latin1").split("\r\n");
      // The rest of a request, such as its body.
      if (!line.includes(" HTTP/1.")) return;
      const behaviour = behaviours[Math.min(requests.length, behaviours.length - 1)];
      requests.push(line);
      behaviour?.(socket, line.split(" ")[1] ?? "");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Answers 200 with a text. */
export const answering: Behaviour = (socket) => {
  socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
};
