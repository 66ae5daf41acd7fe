import type { RequestHead } from "./request-head.ts";

/** A larger number could not be counted down exactly: it is passed on as this one. */
const MAX_MAX_FORWARDS = Number.MAX_SAFE_INTEGER;

/**
 * How often an `OPTIONS` may still be forwarded (RFC 9110 7.6.2): at zero it must be answered here. `undefined`: the
 * caller sets no limit, or the method is another one, for which the header has no meaning. A limit that is not a number
 * counts as zero. `TRACE`, the other method with such a limit, is never served.
 */
export function forwardsLeft({ method, headers }: RequestHead): number | undefined {
  if (method !== "OPTIONS") return undefined;
  const value = headers.get("max-forwards");
  if (value === null) return undefined;
  return /^\d+$/.test(value) ? Math.min(Number(value), MAX_MAX_FORWARDS) : 0;
}

/** The answer to an `OPTIONS` that must not be forwarded: the methods that the path serves (RFC 9110 9.3.7). */
export function finalRecipientResponse(allow: string): Response {
  return new Response(null, { status: 204, headers: { allow } });
}
