/** What identifies one request, for people. */
export interface RequestIdentity {
  /** The caller's `x-request-id` if it is valid and looks like no token, otherwise a new UUID. */
  readonly requestId: string;
  /** Whether it is new. */
  readonly isNew: boolean;
}

/** What an upstream gets for tracing. */
export interface Trace {
  /** W3C Trace Context 3.2. */
  readonly traceparent: string;
  /** Passed on only beside a valid `traceparent` (W3C Trace Context 3.3). */
  readonly tracestate: string | undefined;
}

/**
 * The log has each request id, and must not have a token: the second part excludes a compact JWS (RFC 7515 7.1). The
 * length comes first, because the search for a token takes quadratic time.
 */
const REQUEST_ID = /^(?=[A-Za-z0-9._:-]{1,200}$)(?!.*eyJ[\w-]*\.)/;
/** Version, trace-id, parent-id and flags. A later version may add fields and flags; these are not passed on. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ZERO_TRACE_ID = "0".repeat(32);
const ZERO_PARENT_ID = "0".repeat(16);

/** Takes the request id from the headers of a request, or makes a new one if it is absent or invalid. */
export function identifyRequest(headers: Pick<Headers, "get">): RequestIdentity {
  const given = headers.get("x-request-id");
  const isNew = given === null || !REQUEST_ID.test(given);
  return { requestId: isNew ? crypto.randomUUID() : given, isNew };
}

/**
 * Takes the trace from the headers of a request, or begins a new one if it is absent or invalid. If the request id is
 * new, too, the two are the same UUID. A new trace is flagged as sampled, so that the upstream's own sampler decides.
 */
export function traceOf(headers: Pick<Headers, "get">, { requestId, isNew }: RequestIdentity): Trace {
  const given = parseTraceparent(headers.get("traceparent"));
  // An empty `tracestate` should not be sent (W3C Trace Context 3.3.1.1).
  if (given !== undefined) return { traceparent: given, tracestate: headers.get("tracestate") || undefined };
  const traceId = (isNew ? requestId : crypto.randomUUID()).replaceAll("-", "");
  return { traceparent: `00-${traceId}-${traceId.slice(16)}-01`, tracestate: undefined };
}

/** A `traceparent` in the form of version 00 (W3C Trace Context 3.2), or `undefined` if it is invalid. */
export function parseTraceparent(value: string | null): string | undefined {
  if (value === null) return undefined;
  const match = TRACEPARENT.exec(value);
  if (match === null) return undefined;
  const [, version, traceId, parentId, flags = "", further] = match;
  if (version === "ff" || (version === "00" && further !== undefined)) return undefined;
  if (traceId === ZERO_TRACE_ID || parentId === ZERO_PARENT_ID) return undefined;
  // Other flags of a later version have no known meaning here. The last bit means sampled in every version.
  const known = version === "00" ? flags : `0${Number.parseInt(flags, 16) & 1}`;
  return `00-${traceId}-${parentId}-${known}`;
}
