import { describe, expect, it } from "vitest";
import { readMessageBody } from "../../src/mcp/read-message-body.ts";

/** A request whose body comes in these chunks, and how many of them were asked for. */
function requestOf(...chunks: string[]): { readonly request: Request; readonly asked: () => number } {
  let asked = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = chunks[asked];
        if (chunk === undefined) return controller.close();
        asked += 1;
        controller.enqueue(new TextEncoder().encode(chunk));
      },
    },
    { highWaterMark: 0 },
  );
  return { request: new Request("https://gw.example/mcp", { method: "POST", body }), asked: () => asked };
}

const textOf = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

describe("the body of a message", () => {
  it.each([
    { name: "one chunk of the limit", chunks: ["12345678"], expected: "12345678" },
    { name: "several chunks of the limit", chunks: ["123", "45", "678"], expected: "12345678" },
    { name: "one chunk beyond it", chunks: ["123456789"], expected: undefined },
    { name: "several chunks beyond it", chunks: ["1234", "5678", "9"], expected: undefined },
    { name: "no chunk", chunks: [], expected: "" },
  ])("is read whole up to the limit: $name", async ({ chunks, expected }) => {
    expect(textOf(await readMessageBody(requestOf(...chunks).request, 8))).toBe(expected);
  });

  it("may be missing", async () => {
    expect(await readMessageBody(new Request("https://gw.example/mcp", { method: "POST" }), 8)).toEqual(
      new Uint8Array(),
    );
  });

  it("is not read beyond the chunk that exceeds the limit", async () => {
    const { request, asked } = requestOf("1234", "56789", "x", "x", "x");
    expect(await readMessageBody(request, 8)).toBeUndefined();
    expect(asked()).toBe(2);
  });
});
