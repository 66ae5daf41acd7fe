import { connectionOptions } from "../http/connection-options.ts";
import { HOP_BY_HOP } from "../http/header-names.ts";
import type { UpstreamResponse } from "./fetcher-of.ts";

/**
 * An upstream's answer as the caller gets it: the body as a stream, and the headers except those of the connection to
 * the upstream (RFC 9110 7.6.1). A protected answer without `Cache-Control` may not be cached by anyone.
 */
export function toClientResponse(upstream: UpstreamResponse, isProtected: boolean): Response {
  const { webSocket } = upstream;
  if (webSocket !== null) {
    const upgrade = { status: 101, webSocket, headers: upstream.headers };
    return new Response(null, upgrade);
  }
  const response = new Response(upstream.body, upstream);
  const { headers } = response;
  for (const name of connectionOptions(headers)) headers.delete(name);
  for (const name of HOP_BY_HOP) if (headers.has(name)) headers.delete(name);
  if (isProtected && response.status !== 304 && !headers.has("cache-control")) {
    headers.set("cache-control", "private, no-store");
  }
  return response;
}
