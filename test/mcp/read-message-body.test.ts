import { describe, expect, it, vi } from "vitest";
import { type BodyBounds, readMessageBody } from "../../src/mcp/read-message-body.ts";
import type { Result } from "../../src/result.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** A request whose body comes in these chunks, and how many of them were asked for. */
function requestOf(...chunks: string[]): { readonly request: Request; readonly asked: () => number } {
  let asked = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = chunks[asked];
        if (chunk === undefined) return controller.close();
        asked += 1;
        controller.enqueue(encode(chunk));
      },
    },
    { highWaterMark: 0 },
  );
  return { request: post(body), asked: () => asked };
}

const post = (body: ReadableStream<Uint8Array>) => new Request("https://gw.example/mcp", { method: "POST", body });
const BOUNDS: BodyBounds = { maxBytes: 8, timeoutMs: 60_000 };

const outcomeOf = (read: Result<Uint8Array, string>) => (read.ok ? new TextDecoder().decode(read.value) : read.failure);

describe("the body of a message", () => {
  it.each([
    { name: "one chunk of the limit", chunks: ["12345678"], expected: "12345678" },
    { name: "several chunks of the limit", chunks: ["123", "45", "678"], expected: "12345678" },
    { name: "one chunk beyond it", chunks: ["123456789"], expected: "too-long" },
    { name: "several chunks beyond it", chunks: ["1234", "5678", "9"], expected: "too-long" },
    { name: "no chunk", chunks: [], expected: "" },
  ])("is read whole up to the limit: $name", async ({ chunks, expected }) => {
    expect(outcomeOf(await readMessageBody(requestOf(...chunks).request, BOUNDS))).toBe(expected);
  });

  it("may be missing", async () => {
    const request = new Request("https://gw.example/mcp", { method: "POST" });
    expect(outcomeOf(await readMessageBody(request, BOUNDS))).toBe("");
  });

  it("is not read beyond the chunk that exceeds the limit", async () => {
    const { request, asked } = requestOf("1234", "56789", "x", "x", "x");
    expect(outcomeOf(await readMessageBody(request, BOUNDS))).toBe("too-long");
    expect(asked()).toBe(2);
  });

  it.each([0, 1])("is broken off where its connection fails, after %d chunks", async (chunks) => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent === chunks) return controller.error(new Error("Network connection lost."));
        sent += 1;
        controller.enqueue(encode("1"));
      },
    });
    expect(outcomeOf(await readMessageBody(post(body), BOUNDS))).toBe("broken-off");
  });

  it("is what arrived, also if its sender uses the space of a chunk again", async () => {
    const space = new Uint8Array(1);
    let at = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (at === 8) return controller.close();
          at += 1;
          space[0] = 0x30 + at;
          controller.enqueue(space);
        },
      },
      { highWaterMark: 0 },
    );
    expect(outcomeOf(await readMessageBody(post(body), BOUNDS))).toBe("12345678");
  });
});

/** Bodies whose sender writes when the test says so. The runtime's own streams end otherwise than others do. */
const SENDERS = [
  { name: "a stream", create: () => new TransformStream<Uint8Array, Uint8Array>() },
  { name: "a stream of the runtime", create: () => new IdentityTransformStream() },
];

describe.each(SENDERS)("a body that arrives slowly, in $name", ({ create }) => {
  it.each([
    { name: "its end comes in time", endsAtMs: 999, expected: "12" },
    { name: "its end comes too late", endsAtMs: 1_001, expected: "too-slow" },
    { name: "its end never comes", endsAtMs: undefined, expected: "too-slow" },
  ])("has one time limit for all of it: $name", async ({ endsAtMs, expected }) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const { readable, writable } = create();
      const writer = writable.getWriter();
      const writeAt = (ms: number, text: string) =>
        setTimeout(() => void writer.write(encode(text)).catch(() => {}), ms);
      writeAt(400, "1");
      writeAt(800, "2");
      if (endsAtMs !== undefined) setTimeout(() => void writer.close().catch(() => {}), endsAtMs);
      const reading = readMessageBody(post(readable), { maxBytes: 8, timeoutMs: 1_000 });
      await vi.advanceTimersByTimeAsync(399);
      await vi.advanceTimersByTimeAsync(401);
      await vi.advanceTimersByTimeAsync(199);
      await vi.advanceTimersByTimeAsync(2);
      expect(outcomeOf(await reading)).toBe(expected);
      if (endsAtMs === 999) expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
