/** What the runtime reports of connections that fail, and which requests are sent again. */
import { afterEach, describe, expect, it } from "vitest";
import { call, statusAndReason } from "../../support/e2e/call.ts";
import { sendLines } from "../../support/e2e/socket.ts";
import { startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { NOWHERE } from "../../support/e2e/test-upstream.ts";
import {
  answering,
  type Behaviour,
  type ClosingServer,
  startClosingServer,
} from "../../support/upstream/closing-server.ts";

const closes: Behaviour = (socket) => socket.end();
const resets: Behaviour = (socket) => socket.resetAndDestroy();
const partly: Behaviour = (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-le");
const headersOnly: Behaviour = (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello");
const unavailable: Behaviour = (socket) => socket.end("HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n");

let server: ClosingServer | undefined;
let gateway: TestGateway | undefined;
afterEach(async () => {
  await Promise.all([gateway?.dispose(), server?.[Symbol.asyncDispose]()]);
});

async function start(retry: boolean, ...behaviours: readonly Behaviour[]): Promise<TestGateway> {
  server = await startClosingServer(...behaviours);
  gateway = await startGateway({
    policy: {
      upstreams: { flaky: { url: server.origin, retry }, nowhere: { url: NOWHERE, retry } },
      routes: [
        { path: "/flaky/*", methods: ["*"], public: true, upstream: "flaky" },
        { path: "/nowhere/*", methods: ["*"], public: true, upstream: "nowhere" },
      ],
    },
  });
  return gateway;
}

describe("an upstream with `retry` whose first connection", () => {
  it.each<{ name: string; first: Behaviour }>([
    { name: "is closed without an answer", first: closes },
    { name: "is reset", first: resets },
    { name: "is closed inside the headers of an answer", first: partly },
  ])("$name is asked again, once", async ({ first }) => {
    const { origin, decision } = await start(true, first, answering);
    const answer = await call(origin, "GET /flaky/1?a=b", { headers: { "x-request-id": "again" } });
    expect([answer.status, answer.body]).toEqual([200, "ok"]);
    expect(server?.requests).toEqual(["GET /flaky/1?a=b HTTP/1.1", "GET /flaky/1?a=b HTTP/1.1"]);
    expect(await decision("again")).toMatchObject({ decision: "allow", status: 200, retried: true });
  });

  it("and second connection are closed is a 502, and not asked a third time", async () => {
    const { origin, decision } = await start(true, closes);
    expect(statusAndReason(await call(origin, "GET /flaky/1", { headers: { "x-request-id": "twice" } }))).toBe(
      "502 upstream-unreachable",
    );
    expect(server?.requests).toHaveLength(2);
    expect(await decision("twice")).toMatchObject({ reason: "upstream-unreachable", retried: true });
  });

  it("is refused is a 502 after the second", async () => {
    const { origin, decision } = await start(true, closes);
    expect(statusAndReason(await call(origin, "GET /nowhere/1", { headers: { "x-request-id": "refused" } }))).toBe(
      "502 upstream-unreachable",
    );
    expect(await decision("refused")).toMatchObject({ retried: true });
  });

  it.each<{ name: string; first: Behaviour; call: string; expected: string }>([
    { name: "ends inside a body", first: headersOnly, call: "HEAD /flaky/1", expected: "200" },
    { name: "brings a 503", first: unavailable, call: "GET /flaky/1", expected: "503" },
    { name: "is closed on a POST", first: closes, call: "POST /flaky/1", expected: "502" },
    { name: "is closed on a DELETE", first: closes, call: "DELETE /flaky/1", expected: "502" },
  ])("$name is not asked again", async ({ first, call: request, expected }) => {
    const { origin } = await start(true, first, answering);
    expect(String((await call(origin, request)).status)).toBe(expected);
    expect(server?.requests).toHaveLength(1);
  });

  it("is closed on a GET with a body is not asked again", async () => {
    const { origin } = await start(true, closes, answering);
    expect(await sendLines(origin, ["GET /flaky/1 HTTP/1.1", "Content-Length: 1"], "x")).toMatchObject({ status: 502 });
    expect(server?.requests).toHaveLength(1);
  });
});

describe("an upstream without `retry`", () => {
  it("is asked once, and the log line says nothing of it", async () => {
    const { origin, decision } = await start(false, closes, answering);
    expect(statusAndReason(await call(origin, "GET /flaky/1", { headers: { "x-request-id": "once" } }))).toBe(
      "502 upstream-unreachable",
    );
    expect(server?.requests).toHaveLength(1);
    expect(await decision("once")).not.toHaveProperty("retried");
  });
});
