/** Answers whose bodies pause. */
import { once } from "node:events";
import { brotliCompressSync, createGzip, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSocket, parseAnswer, type WireAnswer } from "../../support/e2e/socket.ts";
import { startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";

const LIMIT_MS = 400;
const TEXT = "hello world ".repeat(500);
const GZIP = gzipSync(TEXT);
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let upstream: TestUpstream;
let gateway: TestGateway;

beforeAll(async () => {
  upstream = await startUpstream();
  upstream.handler = async (request, response) => {
    const path = (request.url ?? "").replace(/^\/\w+/, "");
    if (path === "/whole") response.writeHead(200, { "content-length": 5, etag: '"a"' }).end("hello");
    if (path === "/stops") response.writeHead(200, { "content-length": 9 }).write("hello");
    if (path === "/stops-before") response.writeHead(200, { "content-length": 9 }).flushHeaders();
    if (path === "/events") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (let event = 0; event < 4; event += 1) {
        response.write(`data: ${event}\n\n`);
        await later(LIMIT_MS / 2);
      }
      response.end();
    }
    if (path === "/gzip")
      response.writeHead(200, { "content-encoding": "gzip", "content-length": GZIP.length, etag: '"a"' }).end(GZIP);
    if (path === "/br")
      response.writeHead(200, { "content-encoding": "br", etag: 'W/"a"' }).end(brotliCompressSync(TEXT));
    if (path === "/part") {
      response.writeHead(206, { "content-encoding": "gzip", "content-range": `bytes 10-29/${GZIP.length}` });
      response.end(GZIP.subarray(10, 30));
    }
    if (path === "/fixed") {
      response.writeHead(200, { "content-encoding": "gzip", "cache-control": "no-transform" }).end(GZIP);
    }
    if (path === "/zstd") response.writeHead(200, { "content-encoding": "zstd" }).end("no zstd");
    if (path === "/gzip-events") {
      response.writeHead(200, { "content-encoding": "gzip" });
      const gzip = createGzip();
      gzip.pipe(response);
      for (const event of ["one", "two"]) {
        gzip.write(event);
        gzip.flush();
        await later(LIMIT_MS / 2);
      }
      gzip.end();
    }
    if (path === "/large") response.writeHead(200).end("x".repeat(8_000_000));
    if (path === "/none") response.writeHead(204).end();
  };
  const route = (name: string) => ({ path: `/${name}/*`, methods: ["*"], public: true, upstream: name });
  gateway = await startGateway({
    policy: {
      upstreams: { limited: { url: upstream.origin, idleTimeoutMs: LIMIT_MS }, free: { url: upstream.origin } },
      routes: [route("limited"), route("free")],
    },
  });
});

afterAll(async () => {
  await Promise.all([gateway?.dispose(), upstream?.stop()]);
});

interface Received extends WireAnswer {
  readonly wire: string;
  readonly isClosed: boolean;
}

/** Sends a request on a connection that stays open, and takes what has come after some time. */
async function received(target: string, { ms = LIMIT_MS * 3, method = "GET", id = "none" } = {}): Promise<Received> {
  const socket = await openSocket(gateway.origin);
  const chunks: Buffer[] = [];
  socket.on("data", (data) => chunks.push(data));
  socket.write(
    `${method} ${target} HTTP/1.1\r\nHost: ${new URL(gateway.origin).host}\r\nAccept-Encoding: gzip, br\r\nX-Request-Id: ${id}\r\n\r\n`,
  );
  const isClosed = await Promise.race([once(socket, "close").then(() => true), later(ms).then(() => false)]);
  socket.destroy();
  const wire = Buffer.concat(chunks).toString("latin1");
  return { ...parseAnswer(wire), wire, isClosed };
}

describe("an upstream with a limit for pauses", () => {
  it("is passed on as it is while it keeps to the limit", async () => {
    const { status, headers, body, isClosed } = await received("/limited/whole");
    expect([status, body, isClosed]).toEqual([200, "hello", false]);
    expect([headers.get("content-length"), headers.get("etag")]).toEqual([["5"], ['"a"']]);
  });

  it("may stream for longer than the limit", async () => {
    const { wire, isClosed } = await received("/limited/events", { ms: LIMIT_MS * 4 });
    expect([wire.includes("data: 3"), wire.endsWith("0\r\n\r\n"), isClosed]).toEqual([true, true, false]);
  });

  it.each(["/limited/stops", "/limited/stops-before"])("is cut off when it pauses for longer: %s", async (target) => {
    const id = target.replaceAll("/", ".");
    const { status, headers, isClosed } = await received(target, { id });
    expect([status, headers.get("content-length"), isClosed]).toEqual([200, ["9"], true]);
    const lines = () =>
      gateway.logs.map(({ message }) => message[0]).filter((line) => JSON.stringify(line).includes(id));
    await expect.poll(lines).toContainEqual({
      event: "body-cut-off",
      v: 1,
      request_id: id,
      upstream: "limited",
      idle_timeout_ms: LIMIT_MS,
    });
  });

  it.each([
    { target: "/limited/gzip", etag: ['W/"a"'] },
    { target: "/limited/br", etag: ['W/"a"'] },
  ])("reaches the caller uncompressed: $target", async ({ target, etag }) => {
    const { headers, body } = await received(target);
    expect(body).toBe(TEXT);
    expect([headers.get("content-encoding"), headers.get("content-length"), headers.get("etag")]).toEqual([
      undefined,
      undefined,
      etag,
    ]);
  });

  it("streams what it compresses", async () => {
    expect((await received("/limited/gzip-events", { ms: LIMIT_MS / 4 })).wire).toContain("one");
  });

  it.each([
    { target: "/limited/part", expected: GZIP.subarray(10, 30).toString("latin1") },
    { target: "/limited/fixed", expected: GZIP.toString("latin1") },
    { target: "/limited/zstd", expected: "no zstd" },
  ])("keeps what must not or cannot be decompressed: $target", async ({ target, expected }) => {
    const { headers, body } = await received(target);
    expect(headers.has("content-encoding")).toBe(true);
    expect(body).toBe(expected);
  });

  it("is not cut off because the caller reads slowly", async () => {
    const socket = await openSocket(gateway.origin);
    socket.write(`GET /limited/large HTTP/1.1\r\nHost: ${new URL(gateway.origin).host}\r\nConnection: close\r\n\r\n`);
    let size = 0;
    socket.on("data", (data) => {
      size += data.length;
      if (size < 200_000) {
        socket.pause();
        setTimeout(() => socket.resume(), LIMIT_MS * 2);
      }
    });
    await once(socket, "close");
    expect(size).toBeGreaterThan(8_000_000);
  });

  it("may have no body", async () => {
    expect((await received("/limited/none", { ms: 200 })).status).toBe(204);
    const head = await received("/limited/whole", { ms: 200, method: "HEAD" });
    expect([head.status, head.headers.get("content-length"), head.body]).toEqual([200, ["5"], ""]);
  });
});

it("an upstream without such a limit may pause for any time", async () => {
  expect(await received("/free/stops")).toMatchObject({ status: 200, isClosed: false, body: "hello" });
});
