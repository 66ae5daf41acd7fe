import type { MiddlewareHandler } from "hono";

/** Names the service in `x-served-by`, so that a caller of the gateway sees which service answered. */
export function servedBy(service: string): MiddlewareHandler {
  return async (c, next) => {
    await next();
    c.header("x-served-by", service);
  };
}
