/** The answer of an endpoint as JSON. Nobody may cache it: it describes this moment, or a policy that may change. */
export function jsonResponse(value: unknown, status = 200): Response {
  return Response.json(value, { status, headers: { "cache-control": "no-store" } });
}
