import { connectionOptions } from "../http/connection-options.ts";
import { HOP_BY_HOP, ORIGIN_WIDE, TARGETED_CACHE_FIELDS } from "../http/header-names.ts";
import type { UpstreamResponse } from "./fetcher-of.ts";

/** What decides which headers of an answer reach the caller. */
export interface AnswerRules {
  /** Whether the request had a verified token, so that the answer may be for its caller only. */
  readonly isProtected: boolean;
  /** Whether the request went on only because its route reports what it would refuse. */
  readonly isUnenforced: boolean;
  /** Whether the route takes requests with a token and without: then the answer depends on `Authorization`. */
  readonly isOptional: boolean;
  /** Whether the upstream may send headers that act on the whole origin. */
  readonly originWide: boolean;
}

/**
 * An upstream's answer as the caller gets it: the body as a stream, and the headers except those of the connection to
 * the upstream (RFC 9110 7.6.1), those that act on the whole origin (several upstreams share it) and, if the answer is
 * protected, those that tell some caches more than `Cache-Control` does (RFC 9213).
 *
 * A protected answer without `Cache-Control` may not be cached by anyone. One that may be cached is kept apart for each
 * token. That is not enough once the gateway refuses the same token, or the same lack of one: a cache would go on
 * serving its old answer. So an answer to a request that is to be refused one day is cached by nobody. An answer to a
 * request without a token on an optional route may be cached as the upstream says, but always varies by
 * `Authorization`: a cache must not give it to a caller with a token, nor pass over a refusal of that token.
 */
export function toClientResponse(
  upstream: UpstreamResponse,
  { isProtected, isUnenforced, isOptional, originWide }: AnswerRules,
): Response {
  const { webSocket } = upstream;
  const response = webSocket === null ? new Response(upstream.body, upstream) : toUpgrade(upstream);
  const { headers } = response;
  if (!originWide) remove(ORIGIN_WIDE, headers);
  if (isProtected || isUnenforced) remove(TARGETED_CACHE_FIELDS, headers);
  if (webSocket !== null) return response;
  remove(connectionOptions(headers), headers);
  remove(HOP_BY_HOP, headers);
  if (isUnenforced) headers.set("cache-control", NOT_CACHED);
  else if (isProtected) limitCaching(headers, response.status);
  else if (isOptional) addAuthorizationToVary(headers);
  return response;
}

const NOT_CACHED = "private, no-store";

function toUpgrade({ webSocket, headers }: UpstreamResponse): Response {
  const upgrade = { status: 101, webSocket, headers };
  return new Response(null, upgrade);
}

function remove(names: readonly string[], headers: Headers): void {
  for (const name of names) if (headers.has(name)) headers.delete(name);
}

/**
 * A 304 updates an answer that a cache has stored already (RFC 9111 4.3.4): it says nothing new about storing, but must
 * not take `Vary: Authorization` away.
 */
function limitCaching(headers: Headers, status: number): void {
  const cacheControl = headers.get("cache-control");
  if (cacheControl === null && status !== 304) headers.set("cache-control", NOT_CACHED);
  else if (cacheControl === null || mayBeStored(cacheControl)) addAuthorizationToVary(headers);
}

/**
 * Whether some cache may store an answer with this `Cache-Control`. A cache that knows `must-understand` may ignore
 * `no-store` beside it (RFC 9111 5.2.2.3). With a quoted string, directives are not told apart: it may.
 */
function mayBeStored(cacheControl: string): boolean {
  if (cacheControl.includes('"')) return true;
  const directives = cacheControl.split(",").map((directive) => directive.trim().toLowerCase());
  return !directives.includes("no-store") || directives.includes("must-understand");
}

function addAuthorizationToVary(headers: Headers): void {
  const names = (headers.get("vary") ?? "").split(",").map((name) => name.trim().toLowerCase());
  if (!names.includes("authorization") && !names.includes("*")) headers.append("vary", "Authorization");
}
