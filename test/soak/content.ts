const BLOCK_BYTES = 64 * 1024;

/** Content that belongs to a nonce, made as it is read: its name over and over. */
export function* contentOf(nonce: string, bytes: number): Generator<Buffer> {
  const block = blockOf(nonce);
  for (let left = bytes; left > 0; left -= BLOCK_BYTES) yield block.subarray(0, left);
}

/**
 * Reads a stream to its end and compares each byte, which costs less than a hash and finds a single foreign piece.
 *
 * @returns its length; rejects when a byte is not the nonce's, or the stream breaks off
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
