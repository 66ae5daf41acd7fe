/**
 * Reads the body of an answer. Returns `undefined` if it is longer than `maxBytes`; then the rest is cancelled. Never
 * holds more than that and the chunk that exceeds it, so an answer without end cannot fill the memory. Sets no time
 * limit. Rejects if the connection breaks.
 */
export async function readBody(response: Response, maxBytes: number): Promise<Uint8Array | undefined> {
  if (response.body === null) return new Uint8Array();
  const reader = response.body.getReader();
  const body = new Uint8Array(maxBytes);
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return body.subarray(0, length);
    if (length + value.length > maxBytes) {
      await reader.cancel();
      return undefined;
    }
    body.set(value, length);
    length += value.length;
  }
}
