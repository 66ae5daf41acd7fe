/** Answers byte for byte: which of them reach the caller, and how (RFC 9110 and 9112). */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { statusAndReason } from "../../support/e2e/call.ts";
import { sendLines } from "../../support/e2e/socket.ts";
import { startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { type RawUpstream, startRawUpstream } from "../../support/hostile/raw-upstream.ts";

let upstream: RawUpstream;
let gateway: TestGateway;

beforeAll(async () => {
  upstream = await startRawUpstream();
  gateway = await startGateway({
    policy: {
      upstreams: { raw: { url: upstream.origin, timeoutMs: 500 } },
      routes: [{ path: "/x", methods: ["*"], public: true, upstream: "raw" }],
    },
  });
});

afterAll(async () => {
  await Promise.all([gateway?.dispose(), upstream?.stop()]);
});

beforeEach(() => {
  upstream.received.length = 0;
  upstream.closesAfterAnswer = true;
});

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const CHUNKED = "Transfer-Encoding: chunked";
/** An answer with the status 200 and a body of two bytes, and with one more line. */
const withLine = (line: string) => `HTTP/1.1 200 OK\r\n${line}\r\nContent-Length: 2\r\n\r\nok`;

const answered = (bytes: string, lines: readonly string[] = ["GET /x HTTP/1.1"], body = "") => {
  upstream.answer = bytes;
  return sendLines(gateway.origin, lines, body);
};

describe("an answer", () => {
  it.each([
    { name: "of a known length", bytes: OK },
    { name: "with more bytes than its length", bytes: `${OK}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil` },
    { name: "with its length twice", bytes: withLine("Content-Length: 2") },
    { name: "in chunks", bytes: `HTTP/1.1 200 OK\r\n${CHUNKED}\r\n\r\n1\r\no\r\n1;a=b\r\nk\r\n0\r\n\r\n` },
    {
      name: "in chunks, beside a length",
      bytes: `HTTP/1.1 200 OK\r\nContent-Length: 9\r\n${CHUNKED}\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
    },
    { name: "until the connection closes", bytes: "HTTP/1.1 200 OK\r\n\r\nok" },
    { name: "of HTTP/1.0", bytes: "HTTP/1.0 200 OK\r\n\r\nok" },
    { name: "without a reason phrase", bytes: "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok" },
    { name: "with lines that end in LF", bytes: "HTTP/1.1 200 OK\nContent-Length: 2\n\nok" },
    { name: "after 100", bytes: `HTTP/1.1 100 Continue\r\n\r\n${OK}` },
    { name: "after 102", bytes: `HTTP/1.1 102 Processing\r\n\r\n${OK}` },
    { name: "after two 103", bytes: `${"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(2)}${OK}` },
    {
      name: "with trailers",
      bytes: `HTTP/1.1 200 OK\r\n${CHUNKED}\r\nTrailer: Link\r\n\r\n2\r\nok\r\n0\r\nLink: </a>\r\n\r\n`,
    },
  ])("reaches the caller as one answer, without interim ones and trailers: $name", async ({ bytes }) => {
    const { status, headers, body } = await answered(bytes);
    expect([status, body]).toEqual([200, "ok"]);
    const others = [...headers.keys()].filter((name) => !["connection", "x-request-id"].includes(name));
    expect([["content-length"], ["transfer-encoding"]]).toContainEqual(others);
  });

  it.each([
    { name: "with two lengths", bytes: withLine("Content-Length: 3") },
    { name: "with a length below zero", bytes: "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok" },
    { name: "with a length that is no number", bytes: "HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\nok" },
    { name: "with a folded line", bytes: withLine("X-A: a\r\n b") },
    { name: "with a space before a colon", bytes: withLine("X-A : a") },
    { name: "with a line without a colon", bytes: withLine("X-A") },
    { name: "with a name that is no token", bytes: withLine("X(A): a") },
    { name: "with a NUL", bytes: withLine("X-A: a\0b") },
    { name: "with a CR inside a line", bytes: withLine("X-A: a\rX-B: b") },
    { name: "with a status below 100", bytes: OK.replace("200", "099") },
    { name: "with a status above 599", bytes: OK.replace("200", "600") },
    { name: "with a status of four digits", bytes: OK.replace("200", "2000") },
    { name: "of another protocol", bytes: OK.replace("HTTP/1.1", "ICY") },
    { name: "that is interim only", bytes: "HTTP/1.1 103 Early Hints\r\n\r\n" },
    {
      name: "that switches protocols unasked",
      bytes: "HTTP/1.1 101 OK\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\nx",
    },
  ])("is a 502 that repeats nothing of it: $name", async ({ bytes }) => {
    const answer = await answered(bytes);
    expect(statusAndReason(answer)).toBe("502 upstream-unreachable");
    expect([...answer.headers.keys()]).not.toContain("x-a");
  });

  it("that is interim does not end the time limit", async () => {
    upstream.closesAfterAnswer = false;
    expect(statusAndReason(await answered("HTTP/1.1 103 Early Hints\r\n\r\n"))).toBe("504 upstream-timeout");
  });

  it.each([204, 205, 304])("has no body if its status has none: %i", async (status) => {
    const { body, ...answer } = await answered(`HTTP/1.1 ${status} X\r\nContent-Length: 2\r\n\r\nok`);
    expect([answer.status, body]).toEqual([status, ""]);
    expect(["0", undefined]).toContain(answer.headers.get("content-length")?.[0]);
  });

  it("with a part says which, and so does a refusal of a part", async () => {
    const range = ["GET /x HTTP/1.1", "Range: bytes=0-1", 'If-Range: "a"', 'If-None-Match: "b"'];
    const part = await answered(
      `HTTP/1.1 206 P\r\nContent-Range: bytes 0-1/9\r\nETag: "a"\r\nContent-Length: 2\r\n\r\nok`,
      range,
    );
    expect([part.status, part.body, part.headers.get("content-range"), part.headers.get("etag")]).toEqual([
      206,
      "ok",
      ["bytes 0-1/9"],
      ['"a"'],
    ]);
    const fields = upstream.received[0]?.fields.map((field) => field.join(": "));
    expect(fields).toEqual(expect.arrayContaining(range.slice(1)));
    const none = await answered("HTTP/1.1 416 R\r\nContent-Range: bytes */9\r\nContent-Length: 0\r\n\r\n", range);
    expect([none.status, none.headers.get("content-range")]).toEqual([416, ["bytes */9"]]);
  });
});

describe("a request", () => {
  it("with trailers loses them, and no trailer is a header", async () => {
    const lines = ["POST /x HTTP/1.1", "TE: trailers", "Trailer: X-Late", CHUNKED];
    await answered(OK, lines, "2\r\nab\r\n0\r\nX-Late: 1\r\n\r\n");
    expect(upstream.received[0]?.body).toBe("2\r\nab\r\n0\r\n\r\n");
    expect(upstream.received[0]?.fields.map(([name]) => name.toLowerCase())).not.toContain("x-late");
  });

  it("that waits for 100 Continue gets it once it goes on, and none before a refusal", async () => {
    const lines = (path: string) => [`POST ${path} HTTP/1.1`, "Expect: 100-continue", "Content-Length: 2"];
    expect((await answered(OK, lines("/x"), "ab")).status).toBe(100);
    expect(upstream.received[0]?.body).toBe("ab");
    expect(statusAndReason(await answered(OK, lines("/none")))).toBe("404 route-unknown");
    expect(upstream.received).toHaveLength(1);
  });
});
