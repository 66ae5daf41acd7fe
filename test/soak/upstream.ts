/** The upstream of the soak, in a process of its own. The caller tells it what to do with a request. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { LOOPBACK } from "../../src/local/ports.ts";
import { contentLength, contentOf } from "./content.ts";
import {
  type Behaviour,
  ECHO_HEADER,
  type Echo,
  EVENT_INTERVAL_MS,
  EVENTS,
  REFUSED_PREFIX,
  UNFINISHED_PREFIX,
  type UpstreamReport,
} from "./protocol.ts";

/** Longer than the gateway keeps an idle connection, so that this side never closes one that gets a request. */
const KEEP_ALIVE_MS = 120_000;
const TRUNCATED_BYTES = 1_000;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly echo: Echo;
  /** The query's `bytes`. */
  readonly bytes: number;
}

const counts = { received: 0, refused: 0, takenForFinished: 0, open: 0 } satisfies UpstreamReport;

const behaviours: Readonly<Record<Behaviour, (exchange: Exchange) => void | Promise<void>>> = {
  echo: async ({ request, response, echo }) => {
    const contentBytes = await contentLength(request, echo.nonce);
    if (echo.nonce.startsWith(UNFINISHED_PREFIX)) counts.takenForFinished += 1;
    const whole = JSON.stringify({ ...echo, contentBytes });
    response.setHeader(ECHO_HEADER, whole).end(whole);
  },
  download: async ({ response, echo, bytes }) => {
    response.setHeader("content-length", bytes);
    await pipeline(Readable.from(contentOf(echo.nonce, bytes)), response);
  },
  events: ({ response, echo }) => sendEvents(response, echo, EVENTS),
  endless: ({ response, echo }) => sendEvents(response, echo, Number.POSITIVE_INFINITY),
  stall: () => undefined,
  reset: ({ request }) => {
    request.socket.resetAndDestroy();
  },
  truncate: async ({ request, response, echo, bytes }) => {
    if (bytes > 0) response.setHeader("content-length", bytes);
    for (const content of contentOf(echo.nonce, TRUNCATED_BYTES)) response.write(content);
    await wait(EVENT_INTERVAL_MS);
    request.socket.resetAndDestroy();
  },
  early: ({ response, echo }) => {
    response.writeHead(413).end(JSON.stringify(echo));
  },
};

const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://upstream");
  const nonce = pathname.slice(pathname.lastIndexOf("/") + 1);
  counts.received += 1;
  if (nonce.startsWith(REFUSED_PREFIX)) counts.refused += 1;
  counts.open += 1;
  response.once("close", () => {
    counts.open -= 1;
  });
  const echo: Echo = {
    nonce,
    requestId: headerOf(request, "x-request-id"),
    subject: headerOf(request, "x-auth-subject"),
    clientId: headerOf(request, "x-auth-client-id"),
    authorization: headerOf(request, "authorization"),
  };
  response.setHeader(ECHO_HEADER, JSON.stringify(echo));
  // Many scenarios make the gateway go away in the middle. A body with foreign content is answered 500.
  const behaviour = behaviours[searchParams.get("do") as Behaviour];
  Promise.resolve(behaviour({ request, response, echo, bytes: Number(searchParams.get("bytes")) })).catch(() => {
    if (response.headersSent || request.socket.destroyed) response.destroy();
    else response.writeHead(500).end();
  });
});

server.listen(0, LOOPBACK, () => process.send?.(server.address() as AddressInfo));
process.on("message", () => process.send?.(counts));
// An interrupted soak leaves no process behind.
process.on("disconnect", () => process.exit());

async function sendEvents(response: ServerResponse, { nonce }: Echo, events: number): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (let sent = 0; sent < events && !response.destroyed; sent += 1) {
    response.write(`data: ${nonce} ${sent}\n\n`);
    await wait(EVENT_INTERVAL_MS);
  }
  response.end();
}

function headerOf({ headersDistinct }: IncomingMessage, name: string): string | undefined {
  return headersDistinct[name]?.join(", ");
}
