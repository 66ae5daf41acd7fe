/** A client that went away while it sent a message was answered with 500, and logged as a bug of the gateway. */
import { beforeAll, expect, it } from "vitest";
import { call } from "../../support/mcp/calls.ts";
import { McpGateway } from "../../support/mcp/mcp-gateway.ts";

let gateway: McpGateway;
beforeAll(async () => {
  gateway = await McpGateway.create();
});

it.each([
  { name: "before the message", text: " " },
  { name: "in its middle", text: call("get_order").slice(0, 20) },
  { name: "after its last byte", text: call("get_order") },
])("refuses a message that breaks off $name as malformed", async ({ text }) => {
  gateway.reset();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
    pull: (controller) => controller.error(new Error("Network connection lost.")),
  });
  const response = await gateway.send({ body });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    id: null,
    error: { code: -32_700, data: { type: "https://scopegate.dev/problems/message-malformed" } },
  });
  expect(gateway.sent).toEqual([]);
  expect(gateway.lines).toMatchObject([
    { decision: "deny", reason: "message-malformed", detail: "The body broke off.", status: 400 },
  ]);
});
