import { connect, type Socket } from "node:net";

const END_OF_HEAD = "\r\n\r\n";
const END_OF_CHUNKS = "0\r\n\r\n";

/** One kept-alive HTTP/1.1 connection that carries one GET after another. */
export class Connection {
  readonly #socket: Socket;
  readonly #onBroken: (error: Error) => void;
  #received = "";
  #done: ((status: number) => void) | undefined;

  private constructor(socket: Socket, onBroken: (error: Error) => void) {
    this.#socket = socket;
    this.#onBroken = onBroken;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#receive(chunk.toString("latin1")));
    socket.on("error", onBroken);
    socket.on("close", () => {
      if (this.#done !== undefined) onBroken(new Error("the gateway closed a connection in the middle of a request"));
    });
  }

  /** Resolves once it is connected. `onBroken` is called with any error that keeps a later request from its answer. */
  static async open(port: number, onBroken: (error: Error) => void): Promise<Connection> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const socket = connect(port, "127.0.0.1", resolve).once("error", reject);
    await promise;
    socket.off("error", reject);
    return new Connection(socket, onBroken);
  }

  /** Sends a request, given as it goes over the wire. One at a time: the last one must be answered. */
  send(text: string, done: (status: number) => void): void {
    // Servers close connections that were idle for long.
    if (this.#socket.destroyed) {
      this.#onBroken(new Error("the gateway has closed the connection"));
      return;
    }
    this.#done = done;
    this.#socket.write(text, "latin1");
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(text: string): void {
    this.#received += text;
    const status = statusOfWholeAnswer(this.#received);
    const done = this.#done;
    if (status === undefined || done === undefined) return;
    this.#received = "";
    this.#done = undefined;
    done(status);
  }
}

/** Status of a complete answer, or `undefined` while it is incomplete. */
function statusOfWholeAnswer(text: string): number | undefined {
  const end = text.indexOf(END_OF_HEAD);
  if (end === -1) return undefined;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  const isWhole =
    length === undefined ? text.endsWith(END_OF_CHUNKS) : text.length >= end + END_OF_HEAD.length + Number(length);
  return isWhole ? Number(text.slice(9, 12)) : undefined;
}
