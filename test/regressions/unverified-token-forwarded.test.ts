import { expect, it } from "vitest";
import { sendToPublicRoute } from "../support/upstream/public-gateway.ts";

/** An upstream with `forwardAuthorization` got any token on a public route, and took it for verified. */
it.each(["Bearer forged", "bearer forged", "Basic YTpi", "DPoP forged"])(
  "an Authorization header on a public route goes no further: %s",
  async (authorization) => {
    const request = new Request("https://gw.example/open", { headers: { authorization } });
    const { reached } = await sendToPublicRoute(request, { forwardAuthorization: true });
    expect(reached.map(({ headers }) => headers.has("authorization"))).toEqual([false]);
  },
);
