/**
 * A caller who sent the body of a message byte by byte held thousands of times its bytes, as long as it wanted: the
 * runtime hands out each byte in a buffer of 4 KiB, and nothing limited the time.
 */
import { beforeAll, beforeEach, expect, it, vi } from "vitest";
import { MESSAGE_BODY_TIMEOUT_MS } from "../../../src/mcp/message-limits.ts";
import { call } from "../../support/mcp/calls.ts";
import { McpGateway } from "../../support/mcp/mcp-gateway.ts";

let gateway: McpGateway;
beforeAll(async () => {
  gateway = await McpGateway.create();
});
beforeEach(() => gateway.reset());

const BODY = call("get_order");

it.each([
  { name: "in time", endsAtMs: MESSAGE_BODY_TIMEOUT_MS - 100, expected: 200 },
  { name: "too late", endsAtMs: MESSAGE_BODY_TIMEOUT_MS + 100, expected: 408 },
])("answers a message that ends $name with $expected", async ({ endsAtMs, expected }) => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const { readable, writable } = new IdentityTransformStream();
    const writer = writable.getWriter();
    const bytes = new TextEncoder().encode(BODY);
    for (let at = 0; at < bytes.length; at += 1) {
      setTimeout(() => void writer.write(bytes.subarray(at, at + 1)).catch(() => {}), 100 * at);
    }
    setTimeout(() => void writer.close().catch(() => {}), endsAtMs);
    const answer = gateway.send({ body: readable });
    // The gateway reads a body only once the token is verified, which takes no timer.
    await vi.waitFor(() => expect(readable.locked).toBe(true));
    for (let ms = 0; ms <= endsAtMs; ms += 100) await vi.advanceTimersByTimeAsync(100);
    const response = await answer;
    expect(response.status).toBe(expected);
    if (expected === 200) return expect(gateway.sent.map(({ body }) => body)).toEqual([BODY]);
    expect(await response.json()).toMatchObject({
      id: null,
      error: { code: -32_700, data: { type: "https://scopegate.dev/problems/message-malformed", status: 408 } },
    });
    expect(gateway.sent).toEqual([]);
    expect(gateway.lines).toMatchObject([{ decision: "deny", reason: "message-malformed", status: 408 }]);
  } finally {
    vi.useRealTimers();
  }
});
