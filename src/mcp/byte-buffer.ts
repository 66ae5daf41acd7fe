/**
 * Bytes that arrive in chunks. Keeps their contents, never the chunks. The attack: a body that arrives byte by byte.
 * The runtime hands out each byte in a buffer of 4 KiB, so a list of such chunks holds thousands of times what was
 * sent.
 */
export class ByteBuffer {
  #space = new Uint8Array();
  #length = 0;

  /** How many bytes it has. */
  get length(): number {
    return this.#length;
  }

  /** The bytes so far. They do not change until the next chunk. */
  get bytes(): Uint8Array {
    return this.#space.subarray(0, this.#length);
  }

  /** Adds a copy of a chunk. The space doubles, so that each byte is copied twice at most on average. */
  append(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#space.length) {
      const space = new Uint8Array(2 * length);
      space.set(this.bytes);
      this.#space = space;
    }
    this.#space.set(chunk, this.#length);
    this.#length = length;
  }
}
