import type { EventSink, PageEvent } from "./view/view-context.ts";

/** Longest time without a byte. A comment is sent then, so that a connection that is gone is noticed. */
const HEARTBEAT_MS = 15_000;
/** Bytes that wait for a page that does not read. With the next event, it is cut off, and connects again. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/** Streams at one time. Each page has one while somebody sees it, and each costs work, such as a run of git. */
export const MAX_STREAMS = 32;

/**
 * A response of Server-Sent Events (HTML Living Standard 9.2).
 *
 * @param start sends events until the function that it returns is called
 * @param closing ends the stream
 */
export function eventStream(request: Request, closing: AbortSignal, start: (sink: EventSink) => () => void): Response {
  let end = (): void => undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const encoder = new TextEncoder();
        let isOpen = true;
        let stop = (): void => undefined;
        end = () => {
          if (!isOpen) return;
          isOpen = false;
          clearInterval(heartbeat);
          closing.removeEventListener("abort", finish);
          stop();
        };
        const finish = (): void => {
          if (!isOpen) return;
          end();
          controller.close();
        };
        const write = (text: string): void => {
          if (!isOpen) return;
          if ((controller.desiredSize ?? 0) < -MAX_WAITING_BYTES) finish();
          else controller.enqueue(encoder.encode(text));
        };
        const heartbeat = setInterval(() => write(":\n\n"), HEARTBEAT_MS);
        closing.addEventListener("abort", finish);
        write(":\n\n");
        const lastEventId = request.headers.get("last-event-id") ?? undefined;
        stop = start({ request, lastEventId, send: (event) => write(formatEvent(event)) });
        if (!isOpen) stop();
        if (closing.aborted) finish();
      },
      cancel: () => end(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
  );
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

/** One event as it is sent. A line break in an id or a name would begin another field, so both are left out. */
export function formatEvent({ id, event, data }: PageEvent): string {
  const line = (text: string) => text.replace(/[\r\n\0]/g, "");
  return [
    ...(id === undefined ? [] : [`id: ${line(id)}\n`]),
    ...(event === undefined ? [] : [`event: ${line(event)}\n`]),
    ...data.split(/\r\n|\r|\n/).map((part) => `data: ${part}\n`),
    "\n",
  ].join("");
}
