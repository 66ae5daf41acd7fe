import { connectionOptions } from "../http/connection-options.ts";
import { foldHeaderName, isDroppedFromCallers, isPlainHeaderName } from "../http/header-names.ts";
import type { RequestHead } from "../http/request-head.ts";
import { MAX_REMEMBERED_HEADER_NAME_LENGTH, MAX_REMEMBERED_HEADER_NAMES } from "../limits.ts";
import type { ServedPolicy, Upstream } from "../policy/policy.ts";

/**
 * RFC 9110 7.6.3. The runtime hands over each request as HTTP/1.1. Which version the caller spoke to Cloudflare
 * stands in `request.cf`, and reading that takes a tenth of a request's time.
 */
const GATEWAY_VIA = "1.1 scopegate";

/** Whether a caller's header must not reach an upstream, by its name. */
export type HeaderFilter = (name: string) => boolean;

/**
 * Makes the filters of a policy's upstreams. Upstreams without `allowHeaderNames` and `headers` share one; it also
 * serves where no upstream is known yet.
 */
export function createHeaderFilters(
  policy: Pick<ServedPolicy, "claimHeaders" | "upstreams">,
): (upstream: Pick<Upstream, "name"> | undefined) => HeaderFilter {
  const shared = createHeaderFilter(policy);
  const own = new Map<string, HeaderFilter>();
  for (const { name, allowHeaderNames, headers } of policy.upstreams.values()) {
    if (allowHeaderNames.size + headers.length > 0) {
      own.set(name, createHeaderFilter(policy, allowHeaderNames, headers));
    }
  }
  if (own.size === 0) return () => shared;
  return (upstream) => (upstream && own.get(upstream.name)) ?? shared;
}

/**
 * Makes the test whether a caller's header must not reach an upstream. It compares folded names (see
 * `foldHeaderName`), and drops every name with a character other than letters, digits and `-`, as nginx does:
 * `SCRIPT_NAME` makes gunicorn serve another path than the one that was matched.
 *
 * @param allowed names with other characters that the upstream takes, in lower case. They never excuse a spelling of a
 * header that the gateway drops or writes.
 * @param set the headers that the gateway sets for the upstream. No caller may send one, or another spelling: an
 * upstream that reads headers as CGI does might take the caller's for the gateway's.
 */
export function createHeaderFilter(
  policy: Pick<ServedPolicy, "claimHeaders">,
  allowed: ReadonlySet<string> = new Set(),
  set: Upstream["headers"] = [],
): HeaderFilter {
  const written = new Set([...policy.claimHeaders, ...set].map(({ header }) => foldHeaderName(header)));
  const isDropped = (name: string): boolean => {
    const folded = foldHeaderName(name);
    if (written.has(folded) || isDroppedFromCallers(folded)) return true;
    return !isPlainHeaderName(name) && !allowed.has(name.toLowerCase());
  };
  // Bounded, because callers choose the names.
  const remembered = new Map<string, boolean>();
  return (name) => {
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const answer = isDropped(name);
    if (remembered.size < MAX_REMEMBERED_HEADER_NAMES && name.length <= MAX_REMEMBERED_HEADER_NAME_LENGTH)
      remembered.set(name, answer);
    return answer;
  };
}

/** What the gateway tells an upstream about a request. */
export interface ForwardedRequest {
  /** The caller's URL. */
  readonly url: URL;
  /** See `isWebSocketUpgrade`. */
  readonly upgrade: boolean;
  /** How often the request may be forwarded, this time included (RFC 9110 7.6.2). Never 0; `undefined`: no limit. */
  readonly maxForwards: number | undefined;
  readonly requestId: string;
  readonly traceparent: string;
  readonly tracestate: string | undefined;
  readonly forwardAuthorization: boolean;
  /** Names, each followed by its value. */
  readonly claims: readonly string[];
}

/**
 * The headers of the upstream request: a copy of the caller's without those that it must not send, then the gateway's
 * own. The claim headers come last, so that nothing can overwrite or remove them.
 */
export function upstreamRequestHeaders(
  incoming: Headers,
  isDropped: HeaderFilter,
  forwarded: ForwardedRequest,
): Headers {
  const headers = new Headers(incoming);
  for (const name of incoming.keys()) if (isDropped(name)) headers.delete(name);
  // Before the gateway's own headers are set: no caller can name one of those in `Connection` and so remove it.
  for (const name of connectionOptions(incoming)) headers.delete(name);

  if (forwarded.upgrade) headers.set("upgrade", "websocket");
  if (forwarded.forwardAuthorization) copy("authorization", incoming, headers);
  const via = incoming.get("via");
  headers.set("via", via === null ? GATEWAY_VIA : `${via}, ${GATEWAY_VIA}`);
  if (forwarded.maxForwards !== undefined) headers.set("max-forwards", String(forwarded.maxForwards - 1));
  const caller = incoming.get("cf-connecting-ip");
  if (caller !== null) headers.set("x-forwarded-for", caller);
  headers.set("x-forwarded-proto", forwarded.url.protocol.slice(0, -1));
  headers.set("x-forwarded-host", forwarded.url.host);
  headers.set("x-request-id", forwarded.requestId);
  headers.set("traceparent", forwarded.traceparent);
  if (forwarded.tracestate !== undefined) headers.set("tracestate", forwarded.tracestate);
  const { claims } = forwarded;
  for (let at = 0; at < claims.length; at += 2) headers.set(claims[at] as string, claims[at + 1] as string);
  return headers;
}

/**
 * Whether the request asks to become a WebSocket (RFC 6455 4.1). Only a GET can: the runtime sends every upgrade as a
 * GET, so an upgrade of another method would make the upstream serve a request that was not authorized.
 */
export function isWebSocketUpgrade({ method, headers }: RequestHead): boolean {
  return method === "GET" && headers.get("upgrade")?.toLowerCase() === "websocket";
}

function copy(name: string, from: Headers, to: Headers): void {
  const value = from.get(name);
  if (value !== null) to.set(name, value);
}
