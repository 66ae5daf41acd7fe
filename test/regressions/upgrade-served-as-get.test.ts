import { expect, it } from "vitest";
import { sendToPublicRoute } from "../support/upstream/public-gateway.ts";

/**
 * The runtime sends every WebSocket upgrade as a GET, so an upgrade with POST was served by what only GET may reach.
 */
it.each(["HEAD", "POST", "PUT", "PATCH", "DELETE"])(
  "%s with Upgrade: websocket reaches the upstream as itself",
  async (method) => {
    const request = new Request("https://gw.example/hook", { method, headers: { upgrade: "websocket" } });
    const { response, reached } = await sendToPublicRoute(request);
    expect(response.status).toBe(204);
    expect(reached.map((sent) => [sent.method, sent.headers.get("upgrade")])).toEqual([[method, null]]);
  },
);
