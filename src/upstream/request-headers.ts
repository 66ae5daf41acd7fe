import { CALLER_ADDRESS_AND_ORIGINAL, foldHeaderName, REQUEST_OVERRIDES } from "../http/header-names.ts";
import { connectionOptions, HOP_BY_HOP } from "../http/hop-by-hop.ts";
import type { HeadOfRequest } from "../http/max-forwards.ts";
import { MAX_REMEMBERED_HEADER_NAME_LENGTH, MAX_REMEMBERED_HEADER_NAMES } from "../limits.ts";
import type { ServedPolicy } from "../policy/policy.ts";
import type { HeaderField } from "./claim-headers.ts";

/** Written anew by the gateway. `traceparent` and `tracestate` are set from what was valid. */
const REWRITTEN = ["authorization", "forwarded", "via", "x-request-id", "traceparent", "tracestate"];

/**
 * RFC 9110 7.6.3. The runtime hands each request over as HTTP/1.1. What the caller spoke to Cloudflare stands in `request.cf`,
 * which takes a tenth of a request's time to read.
 */
const OWN_VIA = "1.1 scopegate";

/** To a CGI upstream another spelling of one of these may stand for it (RFC 3875 4.1.2, 4.1.3): `Content_Length`. */
const ABOUT_THE_BODY = new Set(["content-length", "content-type"]);

const DROPPED_PREFIXES = ["x-auth-", "x-forwarded-"];

/**
 * Makes the test whether a caller's header must not reach an upstream. Names are compared lower-cased and with every
 * character but letters and digits read as `-`: a CGI upstream reads `X_Auth_Subject` and `X.Auth.Subject` alike.
 */
export function createHeaderFilter(policy: Pick<ServedPolicy, "claimHeaders">): (name: string) => boolean {
  const dropped = new Set([
    ...HOP_BY_HOP,
    ...REQUEST_OVERRIDES,
    ...CALLER_ADDRESS_AND_ORIGINAL,
    ...REWRITTEN,
    ...policy.claimHeaders.map(({ header }) => foldHeaderName(header)),
  ]);
  // Callers choose names, so there must be an end.
  const remembered = new Map<string, boolean>();
  return (name) => {
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const folded = foldHeaderName(name);
    const isDropped =
      dropped.has(folded) ||
      DROPPED_PREFIXES.some((prefix) => folded.startsWith(prefix)) ||
      (ABOUT_THE_BODY.has(folded) && name.toLowerCase() !== folded);
    if (remembered.size < MAX_REMEMBERED_HEADER_NAMES && name.length <= MAX_REMEMBERED_HEADER_NAME_LENGTH)
      remembered.set(name, isDropped);
    return isDropped;
  };
}

/** What the gateway itself says to an upstream about a request. */
export interface ForwardedRequest {
  /** The caller's URL. */
  readonly url: URL;
  /** See `isWebSocketUpgrade`. */
  readonly upgrade: boolean;
  /** What `Max-Forwards` allows, this time included (RFC 9110 7.6.2); `undefined`: no limit is kept. Never 0. */
  readonly maxForwards: number | undefined;
  readonly requestId: string;
  readonly traceparent: string;
  readonly tracestate: string | undefined;
  readonly forwardAuthorization: boolean;
  readonly claims: readonly HeaderField[];
}

/**
 * The headers of the upstream request: a copy of the caller's without those that it must not send, then the
 * gateway's own, and the claim headers last, so that nothing can overwrite or remove them.
 */
export function upstreamRequestHeaders(
  received: Headers,
  isDropped: (name: string) => boolean,
  forwarded: ForwardedRequest,
): Headers {
  const headers = new Headers(received);
  for (const name of received.keys()) if (isDropped(name)) headers.delete(name);
  // What `Connection` names was meant for this hop only.
  for (const name of connectionOptions(received)) headers.delete(name);

  if (forwarded.upgrade) headers.set("upgrade", "websocket");
  if (forwarded.forwardAuthorization) copy("authorization", received, headers);
  const via = received.get("via");
  headers.set("via", via === null ? OWN_VIA : `${via}, ${OWN_VIA}`);
  if (forwarded.maxForwards !== undefined) headers.set("max-forwards", String(forwarded.maxForwards - 1));
  const caller = received.get("cf-connecting-ip");
  if (caller !== null) headers.set("x-forwarded-for", caller);
  headers.set("x-forwarded-proto", forwarded.url.protocol.slice(0, -1));
  headers.set("x-forwarded-host", forwarded.url.host);
  headers.set("x-request-id", forwarded.requestId);
  headers.set("traceparent", forwarded.traceparent);
  if (forwarded.tracestate !== undefined) headers.set("tracestate", forwarded.tracestate);
  for (const [name, value] of forwarded.claims) headers.set(name, value);
  return headers;
}

/**
 * Whether the request asks to become a WebSocket (RFC 6455 4.1). Only a GET can: the runtime sends every upgrade as a
 * GET, so that with another method the upstream would serve what was not authorized.
 */
export function isWebSocketUpgrade({ method, headers }: HeadOfRequest): boolean {
  return method === "GET" && headers.get("upgrade")?.toLowerCase() === "websocket";
}

function copy(name: string, from: Headers, to: Headers): void {
  const value = from.get(name);
  if (value !== null) to.set(name, value);
}
