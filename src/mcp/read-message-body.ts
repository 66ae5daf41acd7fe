/**
 * Reads the body of a request. Never holds more than the limit and the chunk that exceeds it: a body can be longer than its
 * `Content-Length` says, or have none. Sets no time limit. Rejects if the connection breaks.
 *
 * @returns `undefined`: it is longer than `maxBytes`. The rest is not read.
 */
export async function readMessageBody(request: Request, maxBytes: number): Promise<Uint8Array | undefined> {
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > maxBytes) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(value);
  }
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1) return first;
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}
