/** What can be asked of a request without its body. */
export interface HeadOfRequest {
  readonly method: string;
  readonly headers: Pick<Headers, "get">;
}

/** The most that is passed on of a longer number, which could not be counted down exactly. */
const MAX_MAX_FORWARDS = Number.MAX_SAFE_INTEGER;

/**
 * How often an `OPTIONS` may still be forwarded (RFC 9110 7.6.2): at zero it must be answered here. `undefined`: the
 * caller sets no limit, or the method is another, for which the header has no meaning. A limit that cannot be read
 * counts as used up. `TRACE`, the other method that has one, is never served.
 */
export function forwardsLeft({ method, headers }: HeadOfRequest): number | undefined {
  if (method !== "OPTIONS") return undefined;
  const value = headers.get("max-forwards");
  if (value === null) return undefined;
  return /^\d+$/.test(value) ? Math.min(Number(value), MAX_MAX_FORWARDS) : 0;
}

/** The answer to an `OPTIONS` that must not be forwarded any more: what the path serves (RFC 9110 9.3.7). */
export function finalRecipientResponse(allow: string): Response {
  return new Response(null, { status: 204, headers: { allow } });
}
