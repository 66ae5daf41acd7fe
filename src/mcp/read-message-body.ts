import { failure, type Result, success } from "../result.ts";
import { ByteBuffer } from "./byte-buffer.ts";

/** What a body may be. */
export interface BodyBounds {
  readonly maxBytes: number;
  /** For the whole body, from now on. */
  readonly timeoutMs: number;
}

/** Why a body is not read to its end. */
export type BodyFailure = "too-long" | "too-slow" | "broken-off";

/**
 * Reads the body of a request. Never holds more than three times the limit and the chunk that exceeds it: a body can be
 * longer than its `Content-Length` says, or have none. Never waits longer than the time limit: callers who send their
 * bodies slowly would hold the memory of all. A body whose connection breaks, or whose chunks are malformed, is broken
 * off. Never rejects.
 *
 * @returns a failure if the body is longer or slower than its bounds, or is not whole; the rest is not read
 */
export async function readMessageBody(
  request: Request,
  { maxBytes, timeoutMs }: BodyBounds,
): Promise<Result<Uint8Array, BodyFailure>> {
  if (request.body === null) return success(new Uint8Array());
  const reader = request.body.getReader();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    reader.cancel().catch(() => {});
  }, timeoutMs);
  const body = new ByteBuffer();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (isLate) return failure("too-slow");
      if (done) return success(body.bytes);
      if (body.length + value.length > maxBytes) {
        reader.cancel().catch(() => {});
        return failure("too-long");
      }
      body.append(value);
    }
  } catch {
    // Where the body comes from a socket, a read that was cancelled rejects, too.
    return failure(isLate ? "too-slow" : "broken-off");
  } finally {
    clearTimeout(timer);
  }
}
