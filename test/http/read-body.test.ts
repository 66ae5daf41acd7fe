import { describe, expect, it } from "vitest";
import { readBody } from "../../src/http/read-body.ts";

/** A body of these chunks. Without an end, the last chunk is repeated. */
function answer(chunks: readonly Uint8Array[], end = true): { response: Response; isCancelled: () => boolean } {
  let next = 0;
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks[Math.min(next++, chunks.length - 1)];
      if (chunk !== undefined && (next <= chunks.length || !end)) controller.enqueue(chunk);
      else controller.close();
    },
    cancel() {
      cancelled = true;
    },
  });
  return { response: new Response(body), isCancelled: () => cancelled };
}

describe("the body of an answer", () => {
  const chunk = Uint8Array.of(1, 2, 3);
  const table = [
    { name: "none", chunks: [], expected: [] },
    { name: "one chunk", chunks: [chunk], expected: [1, 2, 3] },
    { name: "several chunks, exactly as long as allowed", chunks: [chunk, chunk], expected: [1, 2, 3, 1, 2, 3] },
    { name: "one byte longer", chunks: [chunk, chunk, Uint8Array.of(4)], expected: undefined },
    { name: "one chunk that is too long", chunks: [new Uint8Array(7)], expected: undefined },
  ];
  it.each(table)("is read up to 6 bytes: $name", async ({ chunks, expected }) => {
    const { response, isCancelled } = answer(chunks);
    expect(await readBody(response, 6)).toEqual(expected && Uint8Array.from(expected));
    expect(isCancelled()).toBe(expected === undefined);
  });

  it("is empty if the answer has none", async () => {
    expect(await readBody(new Response(null, { status: 204 }), 6)).toEqual(new Uint8Array());
  });

  it("that has no end is cancelled", async () => {
    const { response, isCancelled } = answer([chunk], false);
    expect(await readBody(response, 6)).toBeUndefined();
    expect(isCancelled()).toBe(true);
  });
});
