import { allowsOrigin } from "../http/allowed-origins.ts";
import { isHeaderName } from "../http/header-names.ts";
import type { CorsPolicy } from "../policy/policy.ts";

/** Headers of refusals that scripts need, so that they may read them under every policy. */
const ALWAYS_EXPOSED = ["www-authenticate", "x-request-id", "retry-after"];

/**
 * Headers that the gateway itself reads. A browser may send them although they do not reach an upstream as they are.
 */
const ALWAYS_ALLOWED = new Set(["authorization", "x-request-id", "traceparent", "tracestate"]);

/**
 * Whether the request is a preflight (Fetch standard, CORS-preflight request). Any other `OPTIONS` is routed as usual.
 */
export function isPreflight(request: Request): boolean {
  return (
    request.method === "OPTIONS" &&
    request.headers.has("origin") &&
    request.headers.has("access-control-request-method")
  );
}

/** The method that a preflight asks about. */
export function preflightMethod(request: Request): string {
  return request.headers.get("access-control-request-method") ?? "";
}

/**
 * Answers a preflight at the edge. It permits the methods that the path serves, and of the headers that the browser
 * asks for those that may reach an upstream or that the gateway reads itself. To an origin that is not allowed it
 * permits nothing.
 *
 * @param allow the methods, as in `Allow`
 * @param isDropped whether a caller's header of a name is dropped
 */
export function preflightResponse(
  request: Request,
  allow: string,
  cors: CorsPolicy,
  isDropped: (name: string) => boolean,
): Response {
  const response = new Response(null, { status: 204 });
  const { headers } = response;
  applyCors(headers, request.headers.get("origin"), cors);
  headers.append("vary", "Access-Control-Request-Method, Access-Control-Request-Headers");
  if (!headers.has("access-control-allow-origin")) return response;
  headers.delete("access-control-expose-headers");
  headers.set("access-control-allow-methods", allow);
  const asked = (request.headers.get("access-control-request-headers") ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => ALWAYS_ALLOWED.has(name) || (isHeaderName(name) && !isDropped(name)));
  if (asked.length > 0) headers.set("access-control-allow-headers", asked.join(", "));
  headers.set("access-control-max-age", String(cors.maxAgeSeconds));
  return response;
}

/**
 * Sets the CORS headers of an answer (Fetch standard, CORS protocol) and removes those that an upstream set: it could
 * open the gateway's answers to an origin that the policy does not allow. If the request has no `Origin`, or one that
 * is not allowed, only `Vary` is set.
 */
export function applyCors(headers: Headers, origin: string | null, cors: CorsPolicy): void {
  for (const name of [...headers.keys()]) if (name.startsWith("access-control-")) headers.delete(name);
  const any = cors.origins === "*";
  if (!any) headers.append("vary", "Origin");
  if (origin === null || !(cors.origins === "*" || allowsOrigin(cors.origins, origin))) return;
  headers.set("access-control-allow-origin", any ? "*" : origin);
  if (cors.credentials) headers.set("access-control-allow-credentials", "true");
  headers.set("access-control-expose-headers", [...new Set([...ALWAYS_EXPOSED, ...cors.exposedHeaders])].join(", "));
}
