import type { VirtualClock } from "../../support/keys/virtual-clock.ts";

/** What a bad answer is made of. */
export interface BadAnswerOptions {
  /** A key set with a key that must never count. */
  readonly body: string;
  readonly clock: VirtualClock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

type BadAnswer = (options: BadAnswerOptions) => Response | Promise<Response>;

const bytes = (text: string) => new TextEncoder().encode(text);

const withStatus =
  (status: number, headers: Record<string, string> = {}): BadAnswer =>
  ({ body }) =>
    new Response(body, { status, headers });

/** Answers that never count, whatever key set is in them. */
export const BAD_ANSWERS: readonly [BadAnswer, ...BadAnswer[]] = [
  withStatus(206),
  withStatus(302, { location: "https://other.example/" }),
  withStatus(429, { "retry-after": "86400" }),
  withStatus(500),
  () => new Response(null, { status: 204 }),
  () => new Promise(() => {}),
  () => Promise.reject(new TypeError("Network connection lost.")),
  ({ body }) => new Response(`<html>${body}`),
  ({ body }) => new Response(body.slice(0, -1)),
  ({ body }) => new Response(body + " ".repeat(65_536)),
  ({ body }) => new Response(Uint8Array.from([...body].flatMap((letter) => [letter.charCodeAt(0), 0]))),
  ({ body }) => new Response(`${body.slice(0, -1)},"keys":null}`),
  ({ body }) => new Response(`[${body}]`),
  () => Response.json({ keys: [] }),
  () => Response.json({ keys: [null, 7, {}, { kid: "x", kty: "oct", k: "AAAA" }] }),
  async ({ body, clock, timeoutMs }) => {
    await clock.sleep(timeoutMs + 1);
    return new Response(body);
  },
  ({ body, clock }) =>
    new Response(
      new ReadableStream({
        async start(controller) {
          controller.enqueue(bytes(body.slice(0, 100)));
          await clock.sleep(30);
          controller.error(new Error("reset"));
        },
      }),
    ),
  // Never idle, and too slow.
  ({ body, clock, timeoutMs, signal }) =>
    new Response(
      new ReadableStream({
        async pull(controller) {
          await clock.sleep(timeoutMs / 8);
          if (signal.aborted) controller.error(new Error("aborted"));
          else controller.enqueue(bytes(body.slice(0, 1)));
        },
      }),
    ),
];
