import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { LOOPBACK } from "../../../src/local/ports.ts";

/** A request byte for byte (latin-1). No HTTP library has folded, joined or refused anything. */
export interface WireRequest {
  readonly method: string;
  readonly target: string;
  /** In their order and spelling. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** Includes the chunk sizes of a chunked body. */
  readonly body: string;
}

/** An upstream on a bare socket that records every byte. */
export interface RawUpstream {
  readonly origin: string;
  /** Every request in the order of arrival, later ones on the same connection included. */
  readonly received: WireRequest[];
  /** Bytes (latin-1) that answer every request. */
  answer: string;
  /** Whether the connection is closed after the answer, complete or not. */
  closesAfterAnswer: boolean;
  stop(): Promise<void>;
}

export const USUAL_ANSWER = "HTTP/1.1 200 OK\r\nx-served-by: upstream\r\ncontent-length: 2\r\n\r\nok";

/** Starts an upstream on a free port. */
export async function startRawUpstream(): Promise<RawUpstream> {
  const received: WireRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    let bytes = "";
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.on("data", (data) => {
      bytes += data.toString("latin1");
      for (let end = endOfRequest(bytes); end !== undefined; end = endOfRequest(bytes)) {
        received.push(parseRequest(bytes.slice(0, end)));
        bytes = bytes.slice(end);
        socket.write(Buffer.from(upstream.answer, "latin1"));
        if (upstream.closesAfterAnswer) socket.end();
      }
    });
  });
  server.listen(0, LOOPBACK);
  await once(server, "listening");
  const upstream: RawUpstream = {
    origin: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`,
    received,
    answer: USUAL_ANSWER,
    closesAfterAnswer: false,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
  return upstream;
}

function headOf(bytes: string): string | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  return end === -1 ? undefined : bytes.slice(0, end);
}

/** Where the first request ends, or `undefined` if it is incomplete. */
function endOfRequest(bytes: string): number | undefined {
  const head = headOf(bytes);
  if (head === undefined) return undefined;
  const start = head.length + 4;
  if (/^transfer-encoding:/im.test(head)) {
    const last = /(?:^|\r\n)0\r\n(?:[^\r\n]+\r\n)*\r\n/.exec(bytes.slice(start));
    return last === null ? undefined : start + last.index + last[0].length;
  }
  const length = Number(/^content-length: *(\d+) *$/im.exec(head)?.[1] ?? 0);
  return bytes.length < start + length ? undefined : start + length;
}

function parseRequest(bytes: string): WireRequest {
  const head = headOf(bytes) ?? bytes;
  const [requestLine = "", ...lines] = head.split("\r\n");
  const [method = "", target = ""] = requestLine.split(" ");
  const fields = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  return { method, target, fields, body: bytes.slice(head.length + 4) };
}
