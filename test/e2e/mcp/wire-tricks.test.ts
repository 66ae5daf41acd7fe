/** Requests to an MCP route whose framing is a trick: what the server gets must be what was judged. */
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { gatewayPolicy } from "../../support/e2e/gateway-policy.ts";
import { openSocket, sendLines, type WireAnswer } from "../../support/e2e/socket.ts";
import { startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";
import { within } from "../../support/e2e/wait.ts";
import { WIRE_ROUTES } from "../../support/mcp/wire/wire-routes.ts";

const API = "https://api.example";

let issuer: TestIssuer;
let upstream: TestUpstream;
let gateway: TestGateway;
let token: string;

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
  gateway = await startGateway({
    policy: gatewayPolicy(issuer, upstream, {
      resourceServers: { [API]: { scopes: { read: "", admin: "" } } },
      routes: WIRE_ROUTES.map((route) => ({ ...route, upstream: "echo" })),
    }),
  });
  token = await issuer.token({ scope: `${API}/read` });
});
afterAll(() => Promise.all([gateway?.dispose(), upstream?.stop(), issuer?.stop()]));
beforeEach(() => {
  upstream.received.length = 0;
});

const CALL = '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_order"}}';
const OTHER = '{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"delete_order"}}';
const chunk = (text: string, extension = "") => `${Buffer.byteLength(text).toString(16)}${extension}\r\n${text}\r\n`;
const END = "0\r\n\r\n";

interface Trick {
  readonly line?: string;
  readonly headers: readonly string[];
  readonly body: string;
}

type Named = Trick & { readonly name: string };

const send = ({ line = "POST /mcp HTTP/1.1", headers, body }: Trick): Promise<WireAnswer> =>
  sendLines(
    gateway.origin,
    [line, `Authorization: Bearer ${token}`, "Content-Type: application/json", ...headers],
    body,
  );

/** What the server got: the method and the body. */
const arrived = () => upstream.received.map(({ method, body }) => `${method} ${body}`);
const length = (text: string) => `Content-Length: ${Buffer.byteLength(text)}`;

describe("a permitted message", () => {
  it.each<Named>([
    { name: "in one piece", headers: ["Transfer-Encoding: chunked"], body: chunk(CALL) + END },
    {
      name: "byte by byte",
      headers: ["Transfer-Encoding: chunked"],
      body: [...CALL].map((letter) => chunk(letter)).join("") + END,
    },
    {
      name: "with extensions of its chunks",
      headers: ["Transfer-Encoding: chunked"],
      body: `${chunk(CALL.slice(0, 9), ";a=b")}${chunk(CALL.slice(9))}${END}`,
    },
    {
      name: "before bytes that belong to no request",
      headers: [length(CALL)],
      body: `${CALL}${OTHER}`,
    },
    { name: "of HTTP/1.0", line: "POST /mcp HTTP/1.0", headers: [length(CALL)], body: CALL },
  ])("arrives alone, and once: $name", async (trick) => {
    const answer = await send(trick);
    expect([answer.status, arrived()]).toEqual([200, [`POST ${CALL}`]]);
    expect(upstream.received[0]?.headers["content-length"]).toBe(String(CALL.length));
    expect(upstream.received[0]?.headers["transfer-encoding"]).toBeUndefined();
    expect(upstream.received[0]?.headers["expect"]).toBeUndefined();
  });
});

describe("a message whose frame is not clear", () => {
  it.each<Named>([
    { name: "shorter than its length", headers: ["Content-Length: 200"], body: CALL },
    { name: "longer than its length", headers: ["Content-Length: 20"], body: CALL },
    { name: "of no length", headers: [], body: CALL },
    { name: "of length 0", headers: ["Content-Length: 0"], body: CALL },
    { name: "of two lengths", headers: [length(CALL), "Content-Length: 10"], body: CALL },
    { name: "of a list of lengths", headers: [`${length(CALL)}, 10`], body: CALL },
    { name: "of a negative length", headers: ["Content-Length: -1"], body: CALL },
    { name: "of a length with a plus", headers: [`Content-Length: +${CALL.length}`], body: CALL },
    { name: "of a length beyond every number", headers: ["Content-Length: 99999999999999999999"], body: CALL },
    { name: "of a length beyond the limit", headers: ["Content-Length: 4097"], body: CALL },
    {
      name: "in chunks, and of a length",
      headers: ["Transfer-Encoding: chunked", length(OTHER)],
      body: `${chunk('{"x":1}')}${END}`,
    },
    { name: "in chunks without an end", headers: ["Transfer-Encoding: chunked"], body: chunk(CALL) },
    {
      name: "in chunks beyond the limit",
      headers: ["Transfer-Encoding: chunked"],
      body: `${chunk(" ".repeat(3000)).repeat(2)}${chunk(CALL)}${END}`,
    },
    { name: "in chunks of a false size", headers: ["Transfer-Encoding: chunked"], body: `5\r\n${CALL}\r\n${END}` },
    {
      name: "in an unknown coding",
      headers: ["Transfer-Encoding: gzip, chunked"],
      body: `${chunk(gzipSync(CALL).toString("latin1"))}${END}`,
    },
    { name: "in a coding of another spelling", headers: ["Transfer-Encoding: xchunked", length(CALL)], body: CALL },
    {
      name: "with two messages in chunks",
      headers: ["Transfer-Encoding: chunked"],
      body: chunk(CALL) + chunk(OTHER) + END,
    },
    {
      name: "with a second one in a trailer",
      headers: ["Transfer-Encoding: chunked"],
      body: `${chunk(OTHER)}0\r\nMcp-Name: get_order\r\n\r\n`,
    },
    {
      name: "compressed",
      headers: ["Content-Encoding: gzip", `Content-Length: ${gzipSync(CALL).length}`],
      body: gzipSync(CALL).toString("latin1"),
    },
    {
      name: "compressed, and unsaid",
      headers: [`Content-Length: ${gzipSync(CALL).length}`],
      body: gzipSync(CALL).toString("latin1"),
    },
  ])("reaches nobody: $name", async (trick) => {
    // The gateway waits for the rest of some of them.
    const answer = await Promise.race([send(trick).catch(() => undefined), setTimeout(500)]);
    expect(answer?.status).not.toBe(200);
    // It is the caller's fault, and no bug of the gateway.
    expect(answer?.body ?? "").not.toContain("internal-error");
    expect(arrived()).toEqual([]);
  });

  it("is judged by itself behind another on one connection", async () => {
    const request = (body: string, connection: string) =>
      [
        "POST /mcp HTTP/1.1",
        `Host: ${new URL(gateway.origin).host}`,
        `Authorization: Bearer ${token}`,
        "Content-Type: application/json",
        `Connection: ${connection}`,
        length(body),
        "",
        body,
      ].join("\r\n");
    const socket = await openSocket(gateway.origin);
    socket.write(request(CALL, "keep-alive") + request(OTHER, "close"));
    const answers = (await within("two answers", buffer(socket))).toString("latin1");
    expect([...answers.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status)).toEqual(["200", "403"]);
    expect(arrived()).toEqual([`POST ${CALL}`]);
  });

  it("is judged once its sender was told to continue", async () => {
    const trick = (body: string) => ({ headers: [length(body), "Expect: 100-continue"], body });
    await send(trick(CALL));
    await send(trick(OTHER));
    expect(arrived()).toEqual([`POST ${CALL}`]);
  });
});

describe("a request for a stream", () => {
  it.each<Named & { readonly expected: string }>([
    { name: "GET", line: "GET /old HTTP/1.1", headers: [], body: "", expected: "GET " },
    { name: "DELETE", line: "DELETE /old HTTP/1.1", headers: ["Mcp-Session-Id: s"], body: "", expected: "DELETE " },
    { name: "GET with a message", line: "GET /old HTTP/1.1", headers: [length(OTHER)], body: OTHER, expected: "GET " },
    {
      name: "DELETE with a message",
      line: "DELETE /old HTTP/1.1",
      headers: [length(OTHER)],
      body: OTHER,
      expected: "DELETE ",
    },
    {
      name: "DELETE with a message in chunks",
      line: "DELETE /old HTTP/1.1",
      headers: ["Transfer-Encoding: chunked"],
      body: chunk(OTHER) + END,
      expected: "DELETE ",
    },
    {
      name: "GET with the headers of a message",
      line: "GET /old HTTP/1.1",
      headers: ["Mcp-Method: tools/call", "Mcp-Name: delete_order"],
      body: "",
      expected: "GET ",
    },
    {
      name: "GET with an override",
      line: "GET /old HTTP/1.1",
      headers: ["X-HTTP-Method-Override: POST"],
      body: "",
      expected: "GET ",
    },
    {
      name: "GET for a WebSocket",
      line: "GET /old HTTP/1.1",
      headers: [
        "Upgrade: websocket",
        "Connection: Upgrade, close",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ],
      body: "",
      expected: "GET ",
    },
  ])("brings no message that nobody judged: $name", async ({ expected, ...trick }) => {
    await send(trick);
    expect(arrived()).toEqual([expected]);
    const { headers } = upstream.received[0] ?? {};
    for (const name of ["mcp-method", "mcp-name", "upgrade", "transfer-encoding", "x-http-method-override"]) {
      expect(headers?.[name]).toBeUndefined();
    }
    expect(headers?.["content-length"] ?? "0").toBe("0");
  });
});
