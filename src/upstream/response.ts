import { connectionOptions } from "./request-headers.ts";

/** RFC 9110 7.6.1; workerd frames the message itself. */
const HOP_BY_HOP = ["connection", "keep-alive", "proxy-connection", "proxy-authenticate", "te", "trailer", "upgrade"];

/**
 * An upstream's answer as the caller gets it: the body as a stream, the headers without those of the hop behind, and
 * with the request id. A protected answer that says nothing about caching is not cached by anyone.
 */
export function callerResponse(upstream: Response, requestId: string, isProtected: boolean): Response {
  const isUpgrade = upstream.webSocket !== null;
  const response = isUpgrade
    ? new Response(null, { status: 101, webSocket: upstream.webSocket, headers: upstream.headers })
    : new Response(upstream.body, upstream);
  const { headers } = response;
  if (!isUpgrade) {
    for (const name of connectionOptions(upstream.headers)) headers.delete(name);
    for (const name of HOP_BY_HOP) if (headers.has(name)) headers.delete(name);
  }
  headers.set("x-request-id", requestId);
  if (isProtected && !isUpgrade && upstream.status !== 304 && !headers.has("cache-control")) {
    headers.set("cache-control", "private, no-store");
  }
  return response;
}
