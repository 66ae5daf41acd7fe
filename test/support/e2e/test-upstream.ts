import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { startServer } from "./test-server.ts";

/** A request as it came over the wire. */
export interface ReceivedRequest {
  readonly method: string;
  /** The request target, byte for byte. */
  readonly target: string;
  /** Names and values alternate, in their order and spelling. */
  readonly rawHeaders: readonly string[];
  /** By lower-case name. The lines of a repeated header are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An origin that refuses connections. Its port is privileged, so that no server of another test gets it. */
export const NOWHERE = "http://127.0.0.1:1";

/** Answers one request of a test. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** An upstream that records every request. Each of its answers says `x-served-by: upstream`. */
export interface TestUpstream {
  readonly origin: string;
  /** Every request in the order of arrival, except those that a `handler` took. */
  readonly received: ReceivedRequest[];
  /** Takes all requests. Without a handler the answer is 200 and the request as JSON. */
  handler: Handler | undefined;
  stop(): Promise<void>;
}

/** Starts an upstream on a free port. */
export async function startUpstream(): Promise<TestUpstream> {
  const received: ReceivedRequest[] = [];
  const server = await startServer(async (request, response) => {
    if (upstream.handler !== undefined) return upstream.handler(request, response);
    // The caller went away before the body was complete: there is no request to record.
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    const arrived: ReceivedRequest = {
      method: request.method ?? "",
      target: request.url ?? "",
      rawHeaders: request.rawHeaders,
      headers: joined(request.headersDistinct),
      body,
    };
    received.push(arrived);
    response.writeHead(200, { "content-type": "application/json", "x-served-by": "upstream" });
    response.end(JSON.stringify(arrived));
  });
  const upstream: TestUpstream = { origin: server.origin, received, handler: undefined, stop: server.stop };
  return upstream;
}

function joined(headers: IncomingMessage["headersDistinct"]): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, lines = []]) => [name, lines.join(", ")]));
}
