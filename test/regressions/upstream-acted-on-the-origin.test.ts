import { expect, it } from "vitest";
import { sendToPublicRoute } from "../support/upstream/public-gateway.ts";

/** One upstream's `Clear-Site-Data` logged the users of all others out, as they share the gateway's origin. */
it.each([
  { name: "clear-site-data", value: '"cookies", "storage"' },
  { name: "alt-svc", value: 'h3="evil.example:443"' },
  { name: "service-worker-allowed", value: "/" },
])("an upstream's $name goes no further", async ({ name, value }) => {
  const answer = () => new Response("x", { headers: { [name]: value, etag: '"1"' } });
  const { response } = await sendToPublicRoute(new Request("https://gw.example/x"), {}, answer);
  expect([response.headers.has(name), response.headers.get("etag")]).toEqual([false, '"1"']);
});
