import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** One fault of a request body. */
export interface BodyFault {
  /** JSON Pointer (RFC 6901) into the body; empty for the body as a whole. */
  readonly pointer: string;
  readonly detail: string;
}

/**
 * An `application/problem+json` response (RFC 9457) of type `about:blank`, so `title` must be the title of the status.
 */
export function problem(
  c: Context,
  status: ContentfulStatusCode,
  title: string,
  detail: string,
  errors?: readonly BodyFault[],
): Response {
  return c.json({ type: "about:blank", title, status, detail, ...(errors && { errors }) }, status, {
    "content-type": "application/problem+json",
  });
}
