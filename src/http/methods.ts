/** In the order of an `Allow` header. A route with `"*"` lists these in `Allow`, and serves further methods as well. */
export const STANDARD_METHODS: readonly string[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Whether no route may serve a method: CONNECT opens a tunnel, and TRACE echoes the request with its credentials. */
export function isNeverServed(method: string): boolean {
  return method === "CONNECT" || method === "TRACE";
}
