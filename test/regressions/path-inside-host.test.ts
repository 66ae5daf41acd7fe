import { expect, it } from "vitest";
import { sendToPublicRoute } from "../support/upstream/public-gateway.ts";

/** On plain workerd the URL is `Host` and then the target, so `Host: a/open?` made `/admin` a query of `/open`. */
it.each([
  "gw.example/open?",
  "gw.example/open/",
  "gw.example\\open",
  "gw.example/open#",
  "gw.example/",
  "user@gw.example",
])("a path or more inside Host is refused: %s", async (host) => {
  const { response, reached } = await sendToPublicRoute(new Request(`http://${host}/admin`, { headers: { host } }));
  expect(response.status).toBe(400);
  expect(reached).toEqual([]);
});
