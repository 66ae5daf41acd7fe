import type { JsonObject } from "./json-rpc.ts";

const EVENT_STREAM = { "content-type": "text/event-stream", "cache-control": "no-store" };
/** A comment at this distance keeps connections open that are cut off when nothing passes. */
const KEEP_ALIVE_MS = 15_000;

/** The messages as events, and then the end of the stream. */
export function finiteStream(messages: readonly JsonObject[]): Response {
  return new Response(messages.map(eventOf).join(""), { headers: EVENT_STREAM });
}

/** The messages as events. The stream then stays open until the client closes it. */
export function openStream(messages: readonly JsonObject[]): Response {
  const encoder = new TextEncoder();
  let timer: ReturnType<typeof setInterval> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(messages.map(eventOf).join("")));
      timer = setInterval(() => controller.enqueue(encoder.encode(": still here\n\n")), KEEP_ALIVE_MS);
    },
    cancel() {
      clearInterval(timer);
    },
  });
  return new Response(body, { headers: EVENT_STREAM });
}

function eventOf(message: JsonObject): string {
  return `event: message\ndata: ${JSON.stringify(message)}\n\n`;
}
