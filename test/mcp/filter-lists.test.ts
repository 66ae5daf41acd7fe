import { describe, expect, it } from "vitest";
import { filterList } from "../../src/mcp/filter-lists.ts";
import { MAX_FILTERED_LIST_BYTES } from "../../src/mcp/message-limits.ts";

const JSON_TYPE = { "content-type": "application/json" };
const EVENTS = { "content-type": "text/event-stream" };
const isUsable = (_table: string, name: string): boolean => !name.includes("secret");
const filtered = (body: BodyInit, headers: Record<string, string>, { method = "tools/list", status = 200 } = {}) =>
  filterList(new Response(body, { status, headers }), method, isUsable);
const list = (member: string, by: string, more = "") =>
  `{"jsonrpc":"2.0","id":7,"result":{"${member}":[{"${by}":"open"},{"${by}":"secret"}]${more}}}`;
const left = (member: string, by: string, more = "") =>
  `{"jsonrpc":"2.0","id":7,"result":{"${member}":[{"${by}":"open"}]${more},"cacheScope":"private"}}`;
const TOOLS = list("tools", "name");
const LEFT = left("tools", "name");

/** The same bytes in pieces of a size. */
const inPieces = (text: string, size: number): ReadableStream<Uint8Array> => {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
};

describe("filterList", () => {
  it.each([
    { method: "tools/list", member: "tools", by: "name" },
    { method: "prompts/list", member: "prompts", by: "name" },
    { method: "resources/list", member: "resources", by: "uri" },
    { method: "resources/templates/list", member: "resourceTemplates", by: "uriTemplate" },
  ])("leaves out what the caller may not use: $method", async ({ method, member, by }) => {
    expect(await filtered(list(member, by), JSON_TYPE, { method }).text()).toBe(left(member, by));
    expect(await filtered(`data: ${list(member, by)}\n\n`, EVENTS, { method }).text()).toBe(
      `data: ${left(member, by)}\n\n`,
    );
  });

  it.each([
    {
      name: "a cursor",
      body: list("tools", "name", ',"nextCursor":"x"'),
      expected: left("tools", "name", ',"nextCursor":"x"'),
    },
    {
      name: "numbers as they are written",
      body: list("tools", "name", ',"n":12345678901234567890,"m":1.0'),
      expected: left("tools", "name", ',"n":12345678901234567890,"m":1.0'),
    },
    {
      name: "members with odd names",
      body: list("tools", "name", ',"__proto__":{"a":1}'),
      expected: left("tools", "name", ',"__proto__":{"a":1}'),
    },
    {
      name: "the last of two lists",
      body: TOOLS.replace('"result"', '"result":{"tools":[]},"result"'),
      expected: LEFT,
    },
    {
      name: "nothing without a name",
      body: TOOLS.replace('{"name":"secret"}', '{"title":"secret"},"secret",null,{"name":5},[]'),
      expected: LEFT,
    },
  ])("keeps $name", async ({ body, expected }) => {
    expect(await filtered(body, JSON_TYPE).text()).toBe(expected);
    expect(await filtered(`data: ${body}\r\n\r\n`, EVENTS).text()).toBe(`data: ${expected}\n\n`);
  });

  it("takes a mark of the byte order", async () => {
    expect(await filtered(`\ufeff${TOOLS}`, JSON_TYPE).text()).toBe(LEFT);
  });

  it("leaves out what a shared list would have said for everyone", async () => {
    const shared = { etag: '"1"', "content-length": "9", "last-modified": "x", "content-digest": "x", digest: "x" };
    const response = filtered(list("tools", "name", ',"cacheScope":"public"'), {
      ...JSON_TYPE,
      ...shared,
      "x-other": "1",
    });
    expect(await response.json()).toMatchObject({ result: { cacheScope: "private" } });
    expect(Object.fromEntries(response.headers)).toEqual({ ...JSON_TYPE, "x-other": "1" });
  });

  it.each([
    { name: "an error", body: '{"jsonrpc":"2.0","id":7,"error":{"code":1,"message":"x"}}' },
    { name: "another result", body: '{"jsonrpc":"2.0","id":7,"result":{"resultType":"input_required"}}' },
    { name: "a list that is none", body: '{"jsonrpc":"2.0","id":7,"result":{"tools":{"name":"secret"}}}' },
    { name: "what is no JSON", body: `${TOOLS}x` },
    { name: "nothing", body: "" },
    { name: "another type", body: TOOLS, headers: { "content-type": "text/plain" } },
    { name: "a failure", body: TOOLS, status: 500 },
    { name: "an encoding that nobody decodes", body: TOOLS, headers: { ...JSON_TYPE, "content-encoding": "zstd" } },
    { name: "another method", body: TOOLS, method: "tools/call" },
  ])("passes as it is: $name", async ({ body, headers = JSON_TYPE, ...more }) => {
    expect(await filtered(body, headers, more).text()).toBe(body);
  });

  it.each(["zstd", "GZIP", "Br", "IDENTITY"])(
    "keeps the name of an encoding that the runtime does not decode: %s",
    (encoding) => {
      const { headers } = filtered(TOOLS, { ...JSON_TYPE, "content-encoding": encoding });
      expect(headers.get("content-encoding")).toBe(encoding);
    },
  );

  it("filters a list of the limit, and passes a longer one as it is", async () => {
    const padded = (length: number) => TOOLS.padEnd(length, " ");
    expect(await filtered(padded(MAX_FILTERED_LIST_BYTES), JSON_TYPE).text()).toBe(LEFT);
    const longer = padded(MAX_FILTERED_LIST_BYTES + 1);
    expect(await filtered(longer, JSON_TYPE).text()).toBe(longer);
    expect(await filtered(inPieces(longer, 65_536), JSON_TYPE).text()).toBe(longer);
  });
});

const PROGRESS = '{"jsonrpc":"2.0","method":"notifications/progress","params":{}}';

describe("filterList of an event stream", () => {
  it.each([
    { name: "line feeds", end: "\n" },
    { name: "carriage returns", end: "\r" },
    { name: "both", end: "\r\n" },
  ])("finds each event, in pieces of every size: $name", async ({ end }) => {
    const events = [
      `: hello${end}${end}`,
      `event: message${end}id: 1${end}data: ${PROGRESS}${end}${end}`,
      `event: message${end}id: ü2${end}data:${TOOLS}${end}${end}`,
      `data: ${PROGRESS}${end}${end}`,
    ];
    for (const size of [1, 2, 3, 5, 7, 1000]) {
      const text = await filtered(inPieces(events.join(""), size), EVENTS).text();
      expect(text.split(/[\r\n]+/).filter((line) => line !== "")).toEqual([
        ...[": hello", "event: message", "id: 1", `data: ${PROGRESS}`],
        ...["event: message", "id: ü2", `data: ${LEFT}`, `data: ${PROGRESS}`],
      ]);
    }
  });

  it.each([
    {
      name: "a message on several lines",
      body: `data: ${TOOLS.replace(",", ",\ndata: ")}\n\n`,
      expected: `data: ${LEFT}\n\n`,
    },
    { name: "a line of data without a colon", body: `data\ndata: ${TOOLS}\n\n`, expected: `data\ndata: ${LEFT}\n\n` },
    { name: "a mark of the byte order", body: `\ufeffdata: ${TOOLS}\n\n`, expected: `data: ${LEFT}\n\n` },
    { name: "an end that is missing", body: `data: ${TOOLS}`, expected: `data: ${LEFT}\n\n` },
    { name: "half an end", body: `data: ${TOOLS}\n`, expected: `data: ${LEFT}\n\n` },
    { name: "half a message", body: "data: {", expected: "data: {" },
    { name: "two lists", body: `data: ${TOOLS}\n\ndata: ${TOOLS}\n\n`, expected: `data: ${LEFT}\n\n`.repeat(2) },
  ])("takes $name", async ({ body, expected }) => {
    expect(await filtered(body, EVENTS).text()).toBe(expected);
  });

  it("holds nothing back of a stream that never ends", async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const reader = filtered(readable, EVENTS).body?.pipeThrough(new TextDecoderStream()).getReader();
    for (const [sent, expected] of [
      [": keep alive\n\n", ": keep alive\n\n"],
      [`data: ${PROGRESS}\n\n`, `data: ${PROGRESS}\n\n`],
      [`data: ${TOOLS}\n\n`, `data: ${LEFT}\n\n`],
    ]) {
      const written = writer.write(new TextEncoder().encode(sent));
      expect((await reader?.read())?.value).toBe(expected);
      await written;
    }
    await reader?.cancel();
  });

  it("filters an event of the limit, and passes an event as it is that is longer or never ends", async () => {
    const event = (length: number) => `data: ${TOOLS.padEnd(length - "data: \n\n".length, " ")}\n\n`;
    expect(await filtered(inPieces(event(MAX_FILTERED_LIST_BYTES), 65_536), EVENTS).text()).toBe(`data: ${LEFT}\n\n`);
    const longer = event(MAX_FILTERED_LIST_BYTES + 65_537);
    expect(await filtered(inPieces(longer, 65_536), EVENTS).text()).toBe(longer);
  });
});
