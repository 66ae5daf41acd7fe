/** Bodies, streams and connections: what passes while it is being sent, and the effect of a broken connection. */
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Writable } from "node:stream";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { call, statusAndReason } from "../support/e2e/call.ts";
import { gatewayPolicy, variable } from "../support/e2e/gateway-policy.ts";
import { bodyOf, nextChunk, openRequest } from "../support/e2e/open-request.ts";
import { openSocket } from "../support/e2e/socket.ts";
import { startGateway, type TestGateway } from "../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../support/e2e/test-issuer.ts";
import { type Handler, NOWHERE, startUpstream, type TestUpstream } from "../support/e2e/test-upstream.ts";
import { within } from "../support/e2e/wait.ts";

const MEGABYTE = 1024 * 1024;
const UPSTREAM_TIMEOUT_MS = 250;

/** First sends the claims of its caller, then returns each message in capitals, and closes when told to. */
const WEB_SOCKET_WORKER = `
export default {
  fetch(request) {
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    server.send(String(request.headers.get("x-auth-subject")) + " " + request.headers.get("authorization"));
    server.addEventListener("message", ({ data }) => {
      if (data === "close") server.close(4000, "as told");
      else server.send(data.toUpperCase());
    });
    return new Response(null, { status: 101, webSocket: client });
  },
};`;

let issuer: TestIssuer;
let upstream: TestUpstream;
let gateway: TestGateway;
let authorization: string;

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
  const base = gatewayPolicy(issuer, upstream);
  gateway = await startGateway({
    policy: {
      ...base,
      upstreams: {
        ...base.upstreams,
        hasty: { url: upstream.origin, timeoutMs: UPSTREAM_TIMEOUT_MS },
        nowhere: { url: NOWHERE },
        socket: { url: variable("SOCKET_URL") },
        bound: { service: "SOCKET" },
      },
      routes: [
        { path: "/x", methods: ["*"], authenticated: true, upstream: "echo" },
        { path: "/open", methods: ["*"], public: true, upstream: "echo" },
        { path: "/hasty", methods: ["*"], authenticated: true, upstream: "hasty" },
        { path: "/nowhere", methods: ["*"], authenticated: true, upstream: "nowhere" },
        { path: "/socket", methods: ["GET"], authenticated: true, upstream: "socket" },
        { path: "/bound", methods: ["GET"], authenticated: true, upstream: "bound" },
      ],
    },
    vars: (urls) => ({ SOCKET_URL: urls["socket"] ?? "" }),
    services: { SOCKET: "socket" },
    workers: [{ name: "socket", script: WEB_SOCKET_WORKER }],
  });
  authorization = `Bearer ${await issuer.token()}`;
  // The keys are in memory from here on.
  await call(gateway.origin, "GET /x", { headers: { authorization } });
});

afterAll(async () => {
  await Promise.all([gateway?.dispose(), upstream?.stop(), issuer?.stop()]);
});

afterEach(() => {
  upstream.handler = undefined;
});

const open = (line: string, headers: Readonly<Record<string, string>> = {}) =>
  openRequest(gateway.origin, line, { authorization, ...headers });

/** Answers the next requests with `handler`. Resolves with the first request. */
function serve(handler: Handler): Promise<{ readonly request: IncomingMessage; readonly response: ServerResponse }> {
  const { promise, resolve } = Promise.withResolvers<{ request: IncomingMessage; response: ServerResponse }>();
  upstream.handler = (request, response) => {
    resolve({ request, response });
    handler(request, response);
  };
  return within("a request at the upstream", promise);
}

const nothing: Handler = () => undefined;

describe("an upload", () => {
  it.each([
    { name: "in chunks", headers: {} },
    { name: "of a known length", headers: { "content-length": String(20 * MEGABYTE) } },
  ])("of 20 MB $name reaches the upstream while it is being sent, whole", async ({ headers }) => {
    const content = randomBytes(20 * MEGABYTE);
    const arrived = serve(nothing);
    const { outgoing, answer } = open("POST /x", headers);
    outgoing.write(content.subarray(0, MEGABYTE));
    const { request, response } = await arrived;
    const hash = createHash("sha256");
    const [first] = await within("first bytes at the upstream", once(request, "data"));
    hash.update(first);

    outgoing.end(content.subarray(MEGABYTE));
    request.on("data", (chunk: Buffer) => hash.update(chunk));
    request.on("end", () => response.end(hash.digest("hex")));
    expect(String(await bodyOf(await answer))).toBe(createHash("sha256").update(content).digest("hex"));
    const length = headers["content-length"];
    expect(request.headers["content-length"]).toBe(length);
    expect(request.headers["transfer-encoding"]).toBe(length === undefined ? "chunked" : undefined);
  });

  it("waits for an upstream that does not read", async () => {
    const arrived = serve(nothing);
    const { outgoing, answer } = open("POST /x");
    const written = await writeUntilHeldUp(outgoing);
    expect(written).toBeLessThan(HELD_UP_BYTES);

    const { request, response } = await arrived;
    let received = 0;
    request.on("data", (chunk: Buffer) => {
      received += chunk.length;
    });
    request.on("end", () => response.end(String(received)));
    outgoing.end();
    expect(Number(await bodyOf(await answer))).toBe(written);
  });

  it("may be answered before it ends", async () => {
    serve((_request, response) => response.writeHead(413).end("enough"));
    const { outgoing, answer } = open("POST /x");
    outgoing.write("a beginning");
    const early = await answer;
    expect(early.statusCode).toBe(413);
    expect(String(await bodyOf(early))).toBe("enough");
    outgoing.destroy();
  });
});

describe("a download", () => {
  it.each([
    { name: "in chunks", headers: {} },
    { name: "of a known length", headers: { "content-length": String(20 * MEGABYTE) } },
  ])("of 20 MB $name reaches the caller while it is being sent, whole", async ({ headers }) => {
    const content = randomBytes(20 * MEGABYTE);
    const arrived = serve((_request, response) => {
      response.writeHead(200, headers);
      response.write(content.subarray(0, 1000));
    });
    const { outgoing, answer } = open("GET /x");
    outgoing.end();
    const received = await answer;
    const hash = createHash("sha256");
    // The upstream has sent no more yet, so this is the first part.
    const [first] = await within("first bytes at the caller", once(received, "data"));
    expect(first.length).toBeLessThanOrEqual(1000);
    received.pause();
    hash.update(first);

    (await arrived).response.end(content.subarray(1000));
    hash.update(await bodyOf(received));
    expect(hash.digest("hex")).toBe(createHash("sha256").update(content).digest("hex"));
    expect(received.headers["content-length"]).toBe(headers["content-length"]);
  });

  it("waits for a caller that does not read", async () => {
    const arrived = serve((_request, response) => response.writeHead(200));
    const { outgoing, answer } = open("GET /x");
    outgoing.end();
    const { response } = await arrived;
    const written = await writeUntilHeldUp(response);
    expect(written).toBeLessThan(HELD_UP_BYTES);
    response.end();
    expect(await bodyOf(await answer)).toHaveLength(written);
  });

  it("may take longer than the upstream has for its headers", async () => {
    serve((_request, response) => {
      response.writeHead(200).write("first ");
      setTimeout(() => response.end("last"), 2 * UPSTREAM_TIMEOUT_MS);
    });
    const answer = await call(gateway.origin, "GET /hasty", { headers: { authorization } });
    expect(answer).toMatchObject({ status: 200, body: "first last" });
  });
});

it("passes an event stream on event by event", async () => {
  const arrived = serve((_request, response) => response.writeHead(200, { "content-type": "text/event-stream" }));
  const { outgoing, answer } = open("GET /x", { accept: "text/event-stream" });
  outgoing.end();
  const { response } = await arrived;
  response.write("data: 0\n\n");
  const events = await answer;
  expect(events.headers["content-type"]).toBe("text/event-stream");
  expect(await nextChunk(events)).toBe("data: 0\n\n");
  for (const event of ["data: 1\n\n", "data: 2\n\n", ": keep-alive\n\n"]) {
    response.write(event);
    expect(await nextChunk(events)).toBe(event);
  }
  response.end();
  expect(await bodyOf(events)).toHaveLength(0);
});

describe("a WebSocket", () => {
  it.each([
    { name: "by address", path: "/socket" },
    { name: "by service binding", path: "/bound" },
  ])("goes through to an upstream $name, with the caller's claims and without its token", async ({ path }) => {
    const socket = connectWebSocket(path, { authorization });
    expect(await socket.next()).toBe("user-1 null");
    for (const message of ["hello", "x".repeat(100_000)]) {
      socket.send(message);
      expect(await socket.next()).toBe(message.toUpperCase());
    }
    socket.send("close");
    expect(await socket.closed).toEqual({ code: 4000, reason: "as told" });
  });

  it("is refused without a token, as any other request", async () => {
    const headers = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
    const answer = await call(gateway.origin, "GET /socket", {
      headers: { ...headers, "sec-websocket-key": randomBytes(16).toString("base64") },
    });
    expect(statusAndReason(answer)).toBe("401 credentials-missing");
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer realm="scopegate", /);
  });

  it("is nothing to an upstream that speaks none", async () => {
    const headers = { authorization, connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
    serve((_request, response) => response.writeHead(426, { upgrade: "websocket" }).end("no"));
    const answer = await call(gateway.origin, "GET /x", {
      headers: { ...headers, "sec-websocket-key": randomBytes(16).toString("base64") },
    });
    expect(answer).toMatchObject({ status: 426, body: "no" });
  });
});

describe("a caller that goes away", () => {
  const reset = async (
    lines: readonly string[],
    wait: (socket: Awaited<ReturnType<typeof openSocket>>) => Promise<unknown>,
  ) => {
    const socket = await openSocket(gateway.origin);
    socket.on("error", () => undefined);
    const head = [...lines, `Host: ${new URL(gateway.origin).host}`, `Authorization: ${authorization}`];
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    await wait(socket);
    socket.resetAndDestroy();
  };

  it("before the answer takes the upstream's connection with it", async () => {
    const arrived = serve(nothing);
    await reset(["GET /x HTTP/1.1"], () => arrived);
    const { response } = await arrived;
    await within("the end of the upstream's connection", once(response, "close"));
    expect(response.writableFinished).toBe(false);
  });

  it("during the answer takes the upstream's connection with it", async () => {
    const arrived = serve((_request, response) => response.writeHead(200).write("first"));
    await reset(["GET /x HTTP/1.1"], (socket) => within("an answer", once(socket, "data")));
    const { response } = await arrived;
    await within("the end of the upstream's connection", once(response, "close"));
    expect(response.writableFinished).toBe(false);
  });

  it("during its upload is not taken for one that has sent all", async () => {
    const arrived = serve((request) => request.on("error", () => undefined));
    await reset(["POST /x HTTP/1.1", "Content-Length: 1000"], async (socket) => {
      socket.write("a beginning");
      await within("a piece of the body", once((await arrived).request, "data"));
    });
    const { request, response } = await arrived;
    await within("the end of the upstream's connection", once(response, "close"));
    expect(request.complete).toBe(false);
  });
});

describe("an upstream", () => {
  it("that is too slow is given up in time, and so is the connection to it", async () => {
    const arrived = serve(nothing);
    const start = performance.now();
    const answer = await call(gateway.origin, "GET /hasty", { headers: { authorization } });
    const took = performance.now() - start;
    expect(statusAndReason(answer)).toBe("504 upstream-timeout");
    expect(took).toBeGreaterThanOrEqual(UPSTREAM_TIMEOUT_MS - 5);
    expect(took).toBeLessThan(UPSTREAM_TIMEOUT_MS + 2_000);
    const { response } = await arrived;
    if (!response.closed) await within("the end of the upstream's connection", once(response, "close"));
  });

  it("that refuses the connection is a 502", async () => {
    const answer = await call(gateway.origin, "POST /nowhere", { headers: { authorization }, body: "{}" });
    expect(statusAndReason(answer)).toBe("502 upstream-unreachable");
  });

  it("that hangs up without an answer is a 502", async () => {
    serve((request) => request.socket.resetAndDestroy());
    const answer = await call(gateway.origin, "GET /x", { headers: { authorization } });
    expect(statusAndReason(answer)).toBe("502 upstream-unreachable");
  });

  it("that does not speak HTTP is a 502", async () => {
    serve((request) => request.socket.end("SSH-2.0-OpenSSH_9.9\r\n"));
    const answer = await call(gateway.origin, "GET /x", { headers: { authorization } });
    expect(statusAndReason(answer)).toBe("502 upstream-unreachable");
  });

  it.each([
    { name: "in chunks", headers: {} },
    { name: "of a known length", headers: { "content-length": "1000" } },
  ])("that breaks off a body $name leaves the caller with a broken one, not a short one", async ({ headers }) => {
    const arrived = serve((_request, response) => response.writeHead(200, headers).write("a beginning"));
    const { outgoing, answer } = open("GET /x");
    outgoing.end();
    const received = await answer;
    expect(received.statusCode).toBe(200);
    expect(await nextChunk(received)).toBe("a beginning");
    (await arrived).request.socket.resetAndDestroy();
    await expect(bodyOf(received)).rejects.toThrow("aborted");
  });
});

describe("an answer of the upstream", () => {
  const answerTo = async (handler: Handler, request = "GET /x", headers: Readonly<Record<string, string>> = {}) => {
    upstream.handler = handler;
    const { outgoing, answer } = open(request, headers);
    outgoing.end();
    const received = await answer;
    return { status: received.statusCode, headers: received.headers, body: await bodyOf(received) };
  };

  it.each([301, 302, 303, 307, 308])("that redirects with %i is passed on and not followed", async (status) => {
    let requests = 0;
    const answer = await answerTo((_request, response) => {
      requests += 1;
      response.writeHead(status, { location: `${upstream.origin}/admin` }).end("elsewhere");
    });
    expect(answer).toMatchObject({ status, headers: { location: `${gateway.origin}/admin` } });
    expect(String(answer.body)).toBe("elsewhere");
    expect(requests).toBe(1);
  });

  it.each([204, 205, 304])("without a body is passed on: %i", async (status) => {
    const answer = await answerTo((_request, response) => response.writeHead(status, { etag: '"1"' }).end());
    expect(answer).toMatchObject({ status, headers: { etag: '"1"' } });
    expect(answer.body).toHaveLength(0);
  });

  it("to HEAD keeps the length it would have had", async () => {
    const answer = await answerTo(
      (request, response) => response.writeHead(200, { "content-length": "1234", "x-method": request.method }).end(),
      "HEAD /x",
    );
    expect(answer).toMatchObject({ status: 200, headers: { "content-length": "1234", "x-method": "HEAD" } });
    expect(answer.body).toHaveLength(0);
  });

  it.each([400, 401, 403, 404, 409, 429, 500, 503])("that is an error is the upstream's own: %i", async (status) => {
    const answer = await answerTo((_request, response) =>
      response.writeHead(status, { "www-authenticate": "Custom", "retry-after": "7" }).end("by the upstream"),
    );
    expect(answer).toMatchObject({ status, headers: { "www-authenticate": "Custom", "retry-after": "7" } });
    expect(String(answer.body)).toBe("by the upstream");
  });

  it("that is compressed is passed on as it is", async () => {
    const compressed = gzipSync("a text ".repeat(1000));
    const answer = await answerTo(
      (request, response) =>
        response
          .writeHead(200, { "content-encoding": "gzip", "x-accepted": request.headers["accept-encoding"] })
          .end(compressed),
      "GET /x",
      { "accept-encoding": "gzip" },
    );
    expect(answer.headers).toMatchObject({ "content-encoding": "gzip", "x-accepted": "gzip" });
    expect(String(gunzipSync(answer.body))).toBe("a text ".repeat(1000));
  });

  it("keeps each of its cookies", async () => {
    const cookies = ["a=1; Path=/; HttpOnly", "b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT"];
    const answer = await answerTo((_request, response) => response.writeHead(200, { "set-cookie": cookies }).end());
    expect(answer.headers["set-cookie"]).toEqual(cookies);
  });

  it.each([
    { name: "is not to be kept by default", request: "GET /x", own: undefined, expected: "private, no-store" },
    { name: "is kept as the upstream says", request: "GET /x", own: "max-age=60", expected: "max-age=60" },
    { name: "on a public route is left alone", request: "GET /open", own: undefined, expected: undefined },
  ])("$name", async ({ request, own, expected }) => {
    const answer = await answerTo(
      (_request, response) => response.writeHead(200, own === undefined ? {} : { "cache-control": own }).end(),
      request,
    );
    expect(answer.headers["cache-control"]).toBe(expected);
  });

  it("that says nothing was modified says nothing about keeping it either", async () => {
    const answer = await answerTo((_request, response) => response.writeHead(304).end());
    expect(answer.headers["cache-control"]).toBeUndefined();
  });

  it("loses what was meant for the hop behind the gateway", async () => {
    const answer = await answerTo((_request, response) => {
      response.setHeader("connection", "close, x-internal");
      response.setHeader("x-internal", "secret");
      response.setHeader("keep-alive", "timeout=99");
      response.setHeader("proxy-authenticate", "Basic");
      response.setHeader("proxy-connection", "close");
      response.setHeader("upgrade", "h2c");
      response.setHeader("trailer", "x-late");
      response.setHeader("x-kept", "kept");
      response.end("body");
    });
    const { connection, date: _date, ...headers } = answer.headers;
    expect(headers).toEqual({
      "x-kept": "kept",
      "x-request-id": expect.any(String),
      "cache-control": "private, no-store",
      "transfer-encoding": "chunked",
    });
    expect(connection ?? "").not.toContain("x-internal");
  });

  it("carries the gateway's request id, not its own", async () => {
    const answer = await answerTo(
      (_request, response) => response.writeHead(200, { "x-request-id": "of the upstream" }).end(),
      "GET /x",
      { "x-request-id": "of-the-caller" },
    );
    expect(answer.headers["x-request-id"]).toBe("of-the-caller");
  });
});

/** More than all socket buffers on the way can hold. */
const HELD_UP_BYTES = 128 * MEGABYTE;
const HELD_UP_MS = 300;

/** Writes until the other side stops reading, at most `HELD_UP_BYTES`. Resolves with the number of bytes written. */
async function writeUntilHeldUp(stream: Writable): Promise<number> {
  const piece = randomBytes(MEGABYTE);
  for (let written = 0; written < HELD_UP_BYTES; ) {
    written += piece.length;
    if (stream.write(piece)) continue;
    const heldUp = await within("a drain", once(stream, "drain"), HELD_UP_MS).then(
      () => false,
      () => true,
    );
    if (heldUp) return written;
  }
  return HELD_UP_BYTES;
}

interface TestSocket {
  send(text: string): void;
  /** The next message. */
  next(): Promise<unknown>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** Node's WebSocket takes headers. The types are those of browsers, whose WebSocket takes none. */
type NodeWebSocket = new (url: string, options: { readonly headers: Readonly<Record<string, string>> }) => WebSocket;

function connectWebSocket(path: string, headers: Readonly<Record<string, string>>): TestSocket {
  const socket = new (WebSocket as unknown as NodeWebSocket)(`${gateway.origin.replace("http", "ws")}${path}`, {
    headers,
  });
  const messages: unknown[] = [];
  let wake: () => void = () => undefined;
  socket.addEventListener("message", ({ data }) => {
    messages.push(data);
    wake();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.addEventListener("close", ({ code, reason }) => resolve({ code, reason }));
  });
  return {
    send: (text) => socket.send(text),
    next: async () => {
      if (messages.length === 0) await within("a message", new Promise<void>((resolve) => (wake = resolve)));
      return messages.shift();
    },
    closed: within("a close", closed, 15_000),
  };
}
