/**
 * The same answer with a body that is cut off if the upstream's body pauses for longer than a time limit. Only time in
 * which the caller is ready for more counts: a caller that reads slowly cuts off nothing. The caller sees a body that
 * ends too early: a closed connection, or a reset stream of HTTP/2 and HTTP/3.
 *
 * The runtime decompresses a body that it reads. A compressed answer therefore leaves the Worker uncompressed, and
 * Cloudflare compresses it again. Where that is impossible or not allowed, the answer stays as it is, without a limit:
 * a part of a compressed body, and `no-transform` (RFC 9110 7.7). So does an answer without a body, such as an accepted
 * upgrade.
 *
 * @param onPause called once, when the body is cut off
 */
export function limitPauses(response: Response, idleTimeoutMs: number, onPause: () => void): Response {
  const { body } = response;
  if (body === null) return response;
  // The runtime decompresses only what has one of these names in lower case.
  const isCompressed = /^(?:gzip|br)$/.test(response.headers.get("content-encoding") ?? "");
  if (isCompressed && mustStayAsItIs(response)) return response;
  const length = isCompressed ? undefined : lengthOf(response.headers);
  const { readable, writable } = length === undefined ? new IdentityTransformStream() : new FixedLengthStream(length);
  // The caller hears of a failure by the end of its body. Nobody waits for this promise.
  pump(body.getReader(), writable.getWriter(), idleTimeoutMs, onPause).catch(() => {});
  const limited = new Response(readable, response);
  if (isCompressed) describeUncompressed(limited.headers);
  return limited;
}

/** `undefined`: there is no one number. The runtime takes a length that stands twice, `5, 5` (RFC 9110 8.6). */
function lengthOf(headers: Headers): number | undefined {
  const text = headers.get("content-length") ?? "";
  const length = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(length) ? length : undefined;
}

function mustStayAsItIs({ status, headers }: Response): boolean {
  return status === 206 || /\bno-transform\b/i.test(headers.get("cache-control") ?? "");
}

/** Headers that are about the compressed bytes. A strong entity tag would claim that these are the same bytes. */
function describeUncompressed(headers: Headers): void {
  for (const name of ["content-encoding", "content-length", "content-digest", "content-md5", "digest", "repr-digest"]) {
    headers.delete(name);
  }
  const tag = headers.get("etag");
  if (tag?.startsWith('"')) headers.set("etag", `W/${tag}`);
}

async function pump(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  writer: WritableStreamDefaultWriter<Uint8Array>,
  idleTimeoutMs: number,
  onPause: () => void,
): Promise<void> {
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), idleTimeoutMs);
      if (done) return await writer.close();
      await writer.write(value);
    }
  } catch (error) {
    if (error === PAUSED) onPause();
    // Either side may have failed; the other must not wait for it. The runtime logs this reason. A bound Worker chooses
    // the text of its own error, which may quote a secret, so that error is not passed on.
    const reason = error === PAUSED ? PAUSED : BROKEN;
    await Promise.allSettled([reader.cancel(reason), writer.abort(reason)]);
  }
}

/**
 * Texts, because an error made while the module loads has V8 read the whole Worker once more, for the error's stack.
 */
const PAUSED = "The body of the upstream's answer paused for too long.";
const BROKEN = "The body of the upstream's answer broke off, or the caller went away.";

async function within<Value>(work: Promise<Value>, ms: number): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(PAUSED), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
