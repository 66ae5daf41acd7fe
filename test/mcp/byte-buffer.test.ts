import { describe, expect, it } from "vitest";
import { ByteBuffer } from "../../src/mcp/byte-buffer.ts";

const bytesOf = (...chunks: readonly number[][]): number[] => {
  const buffer = new ByteBuffer();
  for (const chunk of chunks) buffer.append(Uint8Array.from(chunk));
  expect(buffer.length).toBe(buffer.bytes.length);
  return [...buffer.bytes];
};

describe("bytes that arrive in chunks", () => {
  it.each([
    { name: "no chunk", chunks: [], expected: [] },
    { name: "an empty chunk", chunks: [[]], expected: [] },
    { name: "one chunk", chunks: [[1, 2, 3]], expected: [1, 2, 3] },
    { name: "chunks of several lengths", chunks: [[1], [], [2, 3, 4, 5], [6]], expected: [1, 2, 3, 4, 5, 6] },
  ])("are all there, in their order: $name", ({ chunks, expected }) => {
    expect(bytesOf(...chunks)).toEqual(expected);
  });

  it("take at most twice their own space, however they arrive", () => {
    const buffer = new ByteBuffer();
    for (let at = 0; at < 10_000; at += 1) {
      // As the runtime hands out a byte of a socket.
      buffer.append(new Uint8Array(4_096).subarray(0, 1));
      expect(buffer.bytes.buffer.byteLength).toBeLessThanOrEqual(2 * buffer.length);
    }
    expect(buffer.length).toBe(10_000);
  });
});
