/**
 * The floor of a proxy that rewrites headers: copies them, deletes and sets as many as the gateway does for a permitted
 * request, on the way there and back, with constants in place of everything the gateway finds out.
 */
const DELETED = ["authorization"];

const SET: readonly (readonly [name: string, value: string])[] = [
  ["via", "1.1 scopegate"],
  ["x-forwarded-proto", "http"],
  ["x-forwarded-host", "127.0.0.1:8080"],
  ["x-request-id", "7d3e2a52-6f0d-4b5e-9a4c-0c6f4f0d8f11"],
  ["traceparent", "00-7d3e2a526f0d4b5e9a4c0c6f4f0d8f11-9a4c0c6f4f0d8f11-01"],
  ["x-auth-subject", "7d3e2a52-6f0d-4b5e-9a4c-0c6f4f0d8f11"],
  ["x-auth-client-id", "admin"],
  ["x-auth-scopes", "https://api.myecommerce.com/read:products https://api.myecommerce.com/read:orders"],
  ["x-auth-issuer", "http://127.0.0.1:8788/local_pool"],
  ["x-auth-token-id", "7d3e2a52-6f0d-4b5e-9a4c-0c6f4f0d8f11"],
];

export default {
  async fetch(request) {
    const headers = new Headers(request.headers);
    for (const name of DELETED) headers.delete(name);
    for (const [name, value] of SET) headers.set(name, value);
    const answer = await fetch(request, { headers });
    const response = new Response(answer.body, answer);
    response.headers.set("x-request-id", "7d3e2a52-6f0d-4b5e-9a4c-0c6f4f0d8f11");
    response.headers.set("cache-control", "private, no-store");
    return response;
  },
} satisfies ExportedHandler;
