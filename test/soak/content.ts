const BLOCK_BYTES = 64 * 1024;

/** The content of a nonce, made as it is read: the nonce repeated. */
export function* contentOf(nonce: string, bytes: number): Generator<Buffer> {
  const block = blockOf(nonce);
  for (let left = bytes; left > 0; left -= BLOCK_BYTES) yield block.subarray(0, left);
}

/**
 * Reads a stream to its end and compares each byte. That costs less than a hash and finds any foreign byte.
 *
 * @returns its length; rejects if a byte is not the nonce's, or if the stream breaks off
 */
export async function contentLength(stream: AsyncIterable<Buffer>, nonce: string): Promise<number> {
  const block = blockOf(nonce);
  let length = 0;
  for await (const chunk of stream) {
    for (let from = 0; from < chunk.length; ) {
      const start = length % BLOCK_BYTES;
      const count = Math.min(chunk.length - from, BLOCK_BYTES - start);
      if (chunk.compare(block, start, start + count, from, from + count) !== 0) {
        throw new Error(`foreign content in the body of ${nonce}, after ${length} bytes`);
      }
      from += count;
      length += count;
    }
  }
  return length;
}

function blockOf(nonce: string): Buffer {
  return Buffer.alloc(BLOCK_BYTES, `${nonce}\n`);
}
