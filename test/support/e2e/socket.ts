import { connect, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { within } from "./wait.ts";

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  /** All lines of each header, by its lower-case name. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** The body without chunk sizes. */
  readonly body: string;
}

/** Connects to an origin. Resolves once connected. */
export async function openSocket(origin: string): Promise<Socket> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  await within(
    "a connection",
    new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject)),
  );
  return socket;
}

/**
 * Sends the lines of one request unchanged, then an empty line and `body`. The answer is everything that comes until
 * the connection closes. `Host` and `Connection: close` are added after the request line unless the lines have them.
 */
export async function sendLines(origin: string, lines: readonly string[], body = ""): Promise<WireAnswer> {
  const [requestLine = "", ...fields] = lines;
  const has = (name: string) => fields.some((field) => field.toLowerCase().startsWith(`${name}:`));
  const head = [
    requestLine,
    ...(has("host") ? [] : [`Host: ${new URL(origin).host}`]),
    ...(has("connection") ? [] : ["Connection: close"]),
    ...fields,
  ];
  const socket = await openSocket(origin);
  socket.write(Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`, "latin1"));
  const bytes = await within(`an answer to ${requestLine.slice(0, 80)}`, buffer(socket));
  return parseAnswer(bytes.toString("latin1"));
}

/** Reads an answer from its bytes (latin-1). */
export function parseAnswer(text: string): WireAnswer {
  const end = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...fields] = text.slice(0, end).split("\r\n");
  const headers = new Map<string, string[]>();
  for (const field of fields) {
    const colon = field.indexOf(":");
    const name = field.slice(0, colon).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), field.slice(colon + 1).trim()]);
  }
  const rest = text.slice(end + 4);
  const isChunked = headers.get("transfer-encoding")?.includes("chunked") ?? false;
  return { status: Number(statusLine.split(" ")[1]), headers, body: isChunked ? joinChunks(rest) : rest };
}

function joinChunks(text: string): string {
  let body = "";
  for (let at = 0; ; ) {
    const lineEnd = text.indexOf("\r\n", at);
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    if (!(size > 0)) return body;
    body += text.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 2 + size + 2;
  }
}
