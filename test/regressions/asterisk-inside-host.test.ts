import { expect, it } from "vitest";
import { sendToPublicRoute } from "../support/upstream/public-gateway.ts";

/**
 * On plain workerd the target `*` follows `Host`, so `OPTIONS *` was served as `OPTIONS /` of the host `gw.example*`.
 */
it.each(["OPTIONS", "GET", "POST"])("the target * is refused, and is no part of the host: %s", async (method) => {
  const request = new Request("http://gw.example*", { method, headers: { host: "gw.example" } });
  const { response, reached } = await sendToPublicRoute(
    Object.defineProperty(request, "url", { value: "http://gw.example*" }),
  );
  expect(response.status).toBe(400);
  expect(reached).toEqual([]);
});

it("a path that ends in an asterisk is served", async () => {
  const { response, reached } = await sendToPublicRoute(new Request("http://gw.example/a*"));
  expect(response.status).toBe(204);
  expect(reached.map(({ url }) => new URL(url).pathname)).toEqual(["/a*"]);
});
