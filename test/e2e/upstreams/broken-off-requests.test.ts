/** Requests whose callers break off, or take long: what the answer and the log can tell of them. */
import { once } from "node:events";
import { setTimeout as later } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { statusAndReason } from "../../support/e2e/call.ts";
import { openSocket, parseAnswer } from "../../support/e2e/socket.ts";
import { startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";
import { within } from "../../support/e2e/wait.ts";

const TIMEOUT_MS = 600;
const CHUNKED = "Transfer-Encoding: chunked";
const LOST = "Network connection lost.";
const LATE = `The upstream sent no headers within ${TIMEOUT_MS} ms.`;
const BROKEN_OFF = " The caller may have broken off its body.";
const UNFINISHED = " The caller may not have sent its whole body by then.";

let upstream: TestUpstream;
let gateway: TestGateway;

beforeAll(async () => {
  upstream = await startUpstream();
  gateway = await startGateway({
    policy: {
      upstreams: { echo: { url: upstream.origin, timeoutMs: TIMEOUT_MS } },
      routes: [{ path: "/x", methods: ["*"], public: true, upstream: "echo" }],
    },
  });
});

afterAll(async () => {
  await Promise.all([gateway?.dispose(), upstream?.stop()]);
});

beforeEach(() => {
  upstream.handler = undefined;
});

/** Sends the beginning of a request. Its connection stays open for more. */
async function begin(id: string, method: string, fields: readonly string[], body: string) {
  const socket = await openSocket(gateway.origin);
  socket.on("error", () => {});
  const head = [`${method} /x HTTP/1.1`, "Host: gw.example", "Connection: close", `X-Request-Id: ${id}`, ...fields];
  socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  return socket;
}

describe("a request that the gateway cannot send whole", () => {
  it.each([
    { name: "with a malformed chunk", fields: [CHUNKED], body: "2\r\nab\r\nno size\r\n", ends: false, detail: LOST },
    { name: "with a malformed first chunk", fields: [CHUNKED], body: "no size\r\n", ends: false, detail: LOST },
    { name: "without its last chunk", fields: [CHUNKED], body: "2\r\nab\r\n", ends: true, detail: LOST },
    { name: "shorter than its length", fields: ["Content-Length: 9"], body: "ab", ends: true, detail: LOST },
    { name: "that is still being sent", fields: ["Content-Length: 9"], body: "ab", ends: false, detail: LATE },
  ])("is told as what may be the caller's fault: $name", async ({ name, fields, body, ends, detail }) => {
    const id = name.replaceAll(" ", ".");
    const socket = await begin(id, "POST", fields, body);
    const chunks: Buffer[] = [];
    socket.on("data", (data) => chunks.push(data));
    if (ends) socket.end();
    await within("the end of the answer", once(socket, "end"));
    const answer = statusAndReason(parseAnswer(Buffer.concat(chunks).toString("latin1")));
    expect(answer).toBe(detail === LOST ? "502 upstream-unreachable" : "504 upstream-timeout");
    const doubt = detail === LOST ? BROKEN_OFF : UNFINISHED;
    expect(await gateway.decision(id)).toMatchObject({ decision: "error", detail: detail + doubt });
    // The upstream is never made to believe that it has the whole body.
    expect(upstream.received).toEqual([]);
  });

  it.each([
    { name: "fails", answer: "close", detail: LOST },
    { name: "is too slow", answer: "none", detail: LATE },
  ])("is not doubted if it has no body, and its upstream $name", async ({ name, answer, detail }) => {
    upstream.handler = (request) => {
      if (answer === "close") request.socket.destroy();
    };
    const id = `get.${name.replaceAll(" ", ".")}`;
    const socket = await begin(id, "GET", [], "");
    socket.resume();
    await within("the end of the answer", once(socket, "end"));
    expect(await gateway.decision(id)).toMatchObject({ decision: "error", detail });
  });
});

it("a caller who resets the connection before the answer leaves no line in the log", async () => {
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  upstream.handler = () => resolve();
  const socket = await begin("reset", "POST", ["Content-Length: 2"], "ab");
  await within("the request at the upstream", arrived);
  socket.resetAndDestroy();
  await later(TIMEOUT_MS + 300);
  expect(JSON.stringify(gateway.logs)).not.toContain('"reset"');
});
