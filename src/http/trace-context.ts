/** The identifiers of one request, for people and for tracing. */
export interface RequestIdentity {
  /** The caller's `x-request-id` if it is valid and looks like no token, otherwise a new UUID. */
  readonly requestId: string;
  /** W3C Trace Context 3.2. */
  readonly traceparent: string;
  /** Passed on only beside a valid `traceparent` (W3C Trace Context 3.3). */
  readonly tracestate: string | undefined;
}

/**
 * The log has each request id, and must not have a token: the second part excludes a compact JWS (RFC 7515 7.1). The length
 * comes first, because the search for a token takes quadratic time.
 */
const REQUEST_ID = /^(?=[A-Za-z0-9._:-]{1,200}$)(?!.*eyJ[\w-]*\.)/;
/** Version, trace-id, parent-id and flags. A later version may add fields and flags; these are not passed on. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ZERO_TRACE_ID = "0".repeat(32);
const ZERO_PARENT_ID = "0".repeat(16);

/**
 * Takes the identifiers of a request from its headers, and makes new ones for those that are absent or invalid. If
 * both are new, the request id and the trace id are the same UUID. A new trace is flagged as sampled, so that the
 * upstream's own sampler decides.
 */
export function identifyRequest(headers: Pick<Headers, "get">): RequestIdentity {
  const givenId = headers.get("x-request-id");
  const givenTrace = parseTraceparent(headers.get("traceparent"));
  const id = givenId !== null && REQUEST_ID.test(givenId) ? givenId : undefined;
  if (id !== undefined && givenTrace !== undefined) return identity(id, givenTrace, headers);
  const uuid = crypto.randomUUID();
  if (givenTrace !== undefined) return identity(uuid, givenTrace, headers);
  const traceId = uuid.replaceAll("-", "");
  return { requestId: id ?? uuid, traceparent: `00-${traceId}-${traceId.slice(16)}-01`, tracestate: undefined };
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

function identity(requestId: string, traceparent: string, headers: Pick<Headers, "get">): RequestIdentity {
  // An empty `tracestate` should not be sent (W3C Trace Context 3.3.1.1).
  return { requestId, traceparent, tracestate: headers.get("tracestate") || undefined };
}
