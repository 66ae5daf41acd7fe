/**
 * Every header name with a rule of its own, in the list of what it is. That decides what happens to it:
 *
 * | list | in a caller's request | in an upstream's answer | as a claim header |
 * |---|---|---|---|
 * | `HOP_BY_HOP` | dropped | removed | refused |
 * | `OVERRIDES`, `CALLER_ADDRESS`, `WRITTEN_BY_GATEWAY` | dropped | kept | refused |
 * | `END_TO_END`, by prefix `END_TO_END_PREFIXES` | kept | kept | refused |
 *
 * Add a name to one list; the three filters are built from these lists. Names are folded (see `foldHeaderName`).
 */

/** Headers that belong to one connection (RFC 9110 7.6.1), with those that older proxies still send. */
export const HOP_BY_HOP = [
  "connection",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** With these an upstream would serve another path or method than the one that was authorized. */
const OVERRIDES = ["x-http-method", "x-http-method-override", "x-method-override", "x-original-url", "x-rewrite-url"];

/**
 * Headers in which other proxies name the caller's address or the original request: a caller could forge them. `proxy` is
 * here because CGI turns it into the setting `HTTP_PROXY` (httpoxy).
 */
const CALLER_ADDRESS = [
  "client-ip",
  "proxy",
  "true-client-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "x-envoy-original-path",
  "x-original-host",
  "x-original-uri",
  "x-real-ip",
];

/** Written by the gateway itself. `traceparent` and `tracestate` are set from what was valid in the caller's. */
const WRITTEN_BY_GATEWAY = ["authorization", "forwarded", "traceparent", "tracestate", "via", "x-request-id"];

/** All names, and all beginnings of names, that a caller must not send to an upstream. */
export const DROPPED_FROM_CALLERS = [...HOP_BY_HOP, ...OVERRIDES, ...CALLER_ADDRESS, ...WRITTEN_BY_GATEWAY];
const FORWARDED_PREFIX = "x-forwarded-";
/** `x-auth-` is the family of the gateway's claim headers: what a caller sends of it is forged. */
export const PREFIXES_DROPPED_FROM_CALLERS = ["x-auth-", FORWARDED_PREFIX];

/** To a CGI upstream another spelling of one of these may stand for it (RFC 3875 4.1.2, 4.1.3): `Content_Length`. */
export const CGI_VARIABLES_WITHOUT_PREFIX = ["content-length", "content-type"];

/** Headers that pass through the gateway and mean something to upstreams already. */
const END_TO_END = [
  // Where the request goes and in whose name (RFC 9110 7.2, 10.1.2, 10.1.3; RFC 6265; RFC 6454; RFC 9449).
  "cookie",
  "cookie2",
  "dpop",
  "from",
  "host",
  "origin",
  "referer",
  "set-cookie",
  // What the request asks for and how it may be answered (RFC 9110 7.6.2, 10.1, 12, 14; RFC 9111; RFC 8470; RFC 9218).
  "accept",
  "cache-control",
  "date",
  "early-data",
  "expect",
  "max-forwards",
  "pragma",
  "prefer",
  "priority",
  "purpose",
  "range",
  "upgrade-insecure-requests",
  "user-agent",
  // How the message ends, misspelt; what tracing and Cloudflare's loop detection go by.
  "trailers",
  "baggage",
  "cdn-loop",
];
/**
 * `content-` describes the body, `if-` makes the request conditional, `cf-` and `sec-` are for Cloudflare and browsers.
 */
const END_TO_END_PREFIXES = ["accept-", "access-control-", "cf-", "content-", "if-", "proxy-", "sec-"];

/** Whether no claim may be written to a header, by its folded name: the claim's subject may have chosen the value. */
export function isRefusedAsClaimHeader(folded: string): boolean {
  return (
    [...DROPPED_FROM_CALLERS, ...END_TO_END].includes(folded) ||
    [FORWARDED_PREFIX, ...END_TO_END_PREFIXES].some((prefix) => folded.startsWith(prefix))
  );
}

/** Whether the text is a field name (RFC 9110 5.1, 5.6.2). */
export function isHeaderName(text: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text);
}

/**
 * The name under which an upstream may know a header: lower case, and every character except letters and digits read
 * as `-`. CGI and its heirs (RFC 3875 4.1.18) cannot tell `X_Auth_Subject` from `X-Auth-Subject`, so a filter that
 * compares names for safety compares these.
 */
export function foldHeaderName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "-");
}
