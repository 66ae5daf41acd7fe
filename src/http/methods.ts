/** In the order an `Allow` header lists them; `"*"` promises these, whatever else it serves. */
export const STANDARD_METHODS: readonly string[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Never served: CONNECT asks for a tunnel, TRACE for the request's headers, credentials included, to be echoed. */
export function isNeverServed(method: string): boolean {
  return method === "CONNECT" || method === "TRACE";
}
