import { connectionOptions, HOP_BY_HOP } from "../http/hop-by-hop.ts";

/**
 * An upstream's answer as the caller gets it: the body as a stream, the headers without those of the hop behind. A
 * protected answer that says nothing about caching is not cached by anyone.
 */
export function toClientResponse(upstream: Response, isProtected: boolean): Response {
  const { webSocket } = upstream;
  if (webSocket !== null) return new Response(null, { status: 101, webSocket, headers: upstream.headers });
  const response = new Response(upstream.body, upstream);
  const { headers } = response;
  for (const name of connectionOptions(headers)) headers.delete(name);
  for (const name of HOP_BY_HOP) if (headers.has(name)) headers.delete(name);
  if (isProtected && response.status !== 304 && !headers.has("cache-control")) {
    headers.set("cache-control", "private, no-store");
  }
  return response;
}
