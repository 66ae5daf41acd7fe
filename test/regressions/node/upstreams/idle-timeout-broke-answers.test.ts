/**
 * With `idleTimeoutMs`, an answer whose length stands twice was refused as a bug of the gateway, one with a length
 * beside chunks was cut off, one whose encoding is written `GZIP` lost the name of its encoding, and a bound Worker's
 * answer with the wrong length was none at all.
 */
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sendLines } from "../../../support/e2e/socket.ts";
import { startGateway, type TestGateway } from "../../../support/e2e/test-gateway.ts";
import { type RawUpstream, startRawUpstream } from "../../../support/hostile/raw-upstream.ts";

const CHUNKED = "Transfer-Encoding: chunked";
const CHUNKS = "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n";
const GZIP = gzipSync("hello").toString("latin1");

/** Answers `hello` with the length in the query, as a Worker does that changes a body and keeps its headers. */
const BOUND_WORKER = `
export default {
  fetch(request) {
    const length = new URL(request.url).searchParams.get("length");
    return new Response(new Blob(["hello"]).stream(), { headers: length === null ? {} : { "content-length": length } });
  },
};`;

let upstream: RawUpstream;
let gateway: TestGateway;

beforeAll(async () => {
  upstream = await startRawUpstream();
  const route = (name: string) => ({ path: `/${name}`, methods: ["*"], public: true, upstream: name });
  gateway = await startGateway({
    policy: {
      upstreams: {
        limited: { url: upstream.origin, idleTimeoutMs: 5_000 },
        free: { url: upstream.origin },
        bound: { service: "BOUND", idleTimeoutMs: 5_000 },
        via: { url: "http://bound.example", via: "BOUND", idleTimeoutMs: 5_000 },
        "bound-free": { service: "BOUND" },
      },
      routes: ["limited", "free", "bound", "via", "bound-free"].map(route),
    },
    services: { BOUND: "bound" },
    workers: [{ name: "bound", script: BOUND_WORKER }],
  });
});

afterAll(async () => {
  await Promise.all([gateway?.dispose(), upstream?.stop()]);
});

async function answered(path: string, lines: readonly string[], body: string) {
  upstream.answer = ["HTTP/1.1 200 OK", ...lines, "", body].join("\r\n");
  return await sendLines(gateway.origin, [`GET ${path} HTTP/1.1`]);
}

describe("an answer that is limited in its pauses", () => {
  it.each([
    { name: "one length", lines: ["Content-Length: 5"], body: "hello" },
    { name: "a length of many digits", lines: ["Content-Length: 0000000000000000000000005"], body: "hello" },
    { name: "a length that stands twice", lines: ["Content-Length: 5", "Content-Length: 5"], body: "hello" },
    { name: "a list of one length", lines: ["Content-Length: 5, 5"], body: "hello" },
    { name: "chunks", lines: [CHUNKED], body: CHUNKS },
    { name: "chunks beside a larger length", lines: ["Content-Length: 9", CHUNKED], body: CHUNKS },
    { name: "chunks beside a smaller length", lines: [CHUNKED, "Content-Length: 2"], body: CHUNKS },
    { name: "no body", lines: ["Content-Length: 0"], body: "" },
  ])("reaches the caller like one without a limit, with $name", async ({ lines, body }) => {
    const free = await answered("/free", lines, body);
    const limited = await answered("/limited", lines, body);
    expect([free.status, free.body]).toEqual([200, body === "" ? "" : "hello"]);
    expect([limited.status, limited.body]).toEqual([200, free.body]);
    const [length = String(free.body.length)] = limited.headers.get("content-length") ?? [];
    expect(Number(length)).toBe(free.body.length);
  });

  it.each(["GZIP", "Gzip", "x-gzip", "BR", "gzip, gzip"])(
    "keeps the name of an encoding that the runtime does not read: %s",
    async (encoding) => {
      const lines = [`Content-Encoding: ${encoding}`, `Content-Length: ${GZIP.length}`];
      const { headers, body } = await answered("/limited", lines, GZIP);
      expect(headers.get("content-encoding")).toEqual([encoding]);
      expect(body).toBe(GZIP);
    },
  );

  it.each(
    ["/bound", "/via", "/bound-free"].flatMap((path) =>
      ["", "?length=5", "?length=9", "?length=2"].map((query) => path + query),
    ),
  )("is whole, though a bound Worker sends any length: %s", async (target) => {
    const { status, headers, body } = await sendLines(gateway.origin, [`GET ${target} HTTP/1.1`]);
    expect([status, body]).toEqual([200, "hello"]);
    expect(["5", undefined]).toContain(headers.get("content-length")?.[0]);
  });

  it.each(["/bound", "/via", "/bound-free"])("keeps its length if it has no body: %s", async (path) => {
    const { status, headers, body } = await sendLines(gateway.origin, [`HEAD ${path}?length=5 HTTP/1.1`]);
    expect([status, headers.get("content-length"), body]).toEqual([200, ["5"], ""]);
  });

  it("is decompressed if the runtime reads its encoding", async () => {
    const lines = ["Content-Encoding: gzip", `Content-Length: ${GZIP.length}`];
    const { headers, body } = await answered("/limited", lines, GZIP);
    expect([headers.has("content-encoding"), body]).toEqual([false, "hello"]);
  });
});
