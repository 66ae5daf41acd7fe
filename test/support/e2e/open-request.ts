import { type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";
import { buffer } from "node:stream/consumers";
import { within } from "./wait.ts";

/** A request whose body a test writes, and whose answer it reads, piece by piece. */
export interface OpenRequest {
  readonly outgoing: ClientRequest;
  /** Settles with the head of the answer. */
  readonly answer: Promise<IncomingMessage>;
}

/** Begins a request such as `POST /upload` on a connection of its own. The caller ends the body. */
export function openRequest(origin: string, line: string, headers: OutgoingHttpHeaders = {}): OpenRequest {
  const [method, path] = line.split(" ");
  const { hostname, port } = new URL(origin);
  const outgoing = request({ hostname, port, method, path, headers, agent: false });
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  outgoing.once("response", resolve);
  // The listener stays, because a connection that a test cuts reports more than one error.
  outgoing.on("error", reject);
  promise.catch(() => undefined);
  return { outgoing, answer: within(`an answer to ${line}`, promise) };
}

/** The whole body. Rejects if the connection ends before the body does. */
export function bodyOf(answer: IncomingMessage): Promise<Buffer> {
  return within("the end of a body", buffer(answer), 15_000);
}

/** The next piece of the body. */
export async function nextChunk(answer: IncomingMessage): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  answer.once("data", (chunk: Buffer) => {
    answer.pause();
    resolve(chunk.toString());
  });
  answer.once("error", reject);
  answer.once("end", () => reject(new Error("The body has ended.")));
  answer.resume();
  return within("a piece of the body", promise);
}
