import { describe, expect, it } from "vitest";
import { MAX_LIST_ANSWER_BYTES, MAX_LIST_PAGES, MAX_LISTED_TOOLS } from "../../../src/cli/mcp/list-limits.ts";
import { listTools } from "../../../src/cli/mcp/list-tools.ts";
import { mcpServer, sendJson, toolPage } from "../../support/cli/mcp-server.ts";

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `tool_${index}`);
const list = async (url: string, token?: string) => await listTools(new URL(url), token, 2_000);

describe("the tools of a server of revision 2026-07-28", () => {
  it("are those of all pages, each once, sorted", async () => {
    const { url, requests } = await mcpServer(({ message }, response) => {
      const isFirst = message?.params?.["cursor"] === undefined;
      sendJson(response, isFirst ? toolPage(message?.id, ["b", "a"], "2") : toolPage(message?.id, ["c", "a"]));
    });
    expect(await list(url, "secret")).toEqual({ ok: true, value: ["a", "b", "c"] });
    expect(requests.map(({ headers, message }) => [headers["mcp-method"], message?.params?.["cursor"]])).toEqual([
      ["tools/list", undefined],
      ["tools/list", "2"],
    ]);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer secret", "Bearer secret"]);
    expect(requests[0]?.message?.params?.["_meta"]).toMatchObject({
      "io.modelcontextprotocol/protocolVersion": requests[0]?.headers["mcp-protocol-version"],
    });
  });

  it("may come as an event of a stream that does not end", async () => {
    const { url } = await mcpServer(({ message }, response) => {
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
      response.write(
        ': hello\r\n\r\nevent: message\r\ndata: {"jsonrpc":"2.0","method":"notifications/message"}\r\n\r\n',
      );
      const [head, tail] = [
        JSON.stringify(toolPage(message?.id, ["a"])).slice(0, 20),
        JSON.stringify(toolPage(message?.id, ["a"])).slice(20),
      ];
      response.write(`id: 1\ndata: ${head}`);
      setTimeout(() => response.write(`${tail}\n\n`), 20);
    });
    expect(await list(url)).toEqual({ ok: true, value: ["a"] });
  });
});

it("an older server is asked in a session, which is ended", async () => {
  const { url, requests } = await mcpServer(({ method, headers, message }, response) => {
    if (method === "DELETE") response.writeHead(405).end();
    else if (headers["mcp-protocol-version"] === "2026-07-28")
      sendJson(response, { jsonrpc: "2.0", error: {} }, {}, 400);
    else if (message?.method === "initialize") {
      const result = { protocolVersion: "2025-06-18", capabilities: {}, serverInfo: { name: "s", version: "1" } };
      sendJson(response, { jsonrpc: "2.0", id: message.id, result }, { "mcp-session-id": "s1" });
    } else if (message?.id === undefined) response.writeHead(202).end();
    else sendJson(response, toolPage(message.id, ["a"]));
  });
  expect(await list(url)).toEqual({ ok: true, value: ["a"] });
  expect(
    requests.map(({ method, headers, message }) =>
      [message?.method ?? method, headers["mcp-protocol-version"] ?? "-", headers["mcp-session-id"] ?? "-"].join(" "),
    ),
  ).toEqual([
    "tools/list 2026-07-28 -",
    "initialize - -",
    "notifications/initialized 2025-06-18 s1",
    "tools/list 2025-06-18 s1",
    "DELETE 2025-06-18 s1",
  ]);
});

describe("no tools are listed", () => {
  it.each([401, 403])("after a %i, which says what to do", async (status) => {
    const { url, requests } = await mcpServer((_, response) => response.writeHead(status).end("secret detail"));
    const found = await list(url, "token");
    expect(found).toMatchObject({ ok: false, failure: expect.stringContaining("--token-env") });
    expect(JSON.stringify(found)).not.toContain("secret detail");
    expect(requests).toHaveLength(1);
  });

  it("after a redirect: the token reaches no other host", async () => {
    const other = await mcpServer(({ message }, response) => sendJson(response, toolPage(message?.id, ["a"])));
    const { url } = await mcpServer((_, response) => response.writeHead(307, { location: other.url }).end());
    expect(await list(url, "token")).toEqual({
      ok: false,
      failure:
        "The server redirects, which is not followed. Name the URL that it redirects to: many servers want a slash at the end.",
    });
    expect(other.requests).toEqual([]);
  });

  it.each([404, 405])("after a %i, which asks for the URL of the endpoint", async (status) => {
    const { url } = await mcpServer((_, response) => response.writeHead(status).end());
    expect(await list(url)).toMatchObject({ ok: false, failure: expect.stringContaining("one that ends in /mcp") });
  });

  it("where a page follows itself", async () => {
    const { url, requests } = await mcpServer(({ message }, response) =>
      sendJson(response, toolPage(message?.id, ["a"], "")),
    );
    expect(await list(url)).toMatchObject({ ok: false, failure: expect.stringContaining("names a page twice") });
    expect(requests).toHaveLength(2);
  });

  it.each([
    { name: "an answer to another request", answer: toolPage(99, ["a"]), expected: "not a JSON-RPC response" },
    {
      name: "tools without names",
      answer: { jsonrpc: "2.0", id: 1, result: { tools: [{}] } },
      expected: "not a list of tools",
    },
    { name: "no list", answer: { jsonrpc: "2.0", id: 1, result: { tools: {} } }, expected: "not a list of tools" },
    { name: "too many tools", answer: toolPage(1, names(MAX_LISTED_TOOLS + 1)), expected: "more than 10000 tools" },
    {
      name: "too long an answer",
      answer: toolPage(1, ["x".repeat(MAX_LIST_ANSWER_BYTES)]),
      expected: "too large",
    },
  ])("of $name", async ({ answer, expected }) => {
    const { url } = await mcpServer((_, response) => sendJson(response, answer));
    expect(await list(url)).toMatchObject({ ok: false, failure: expect.stringContaining(expected) });
  });

  it("of an answer that is not UTF-8", async () => {
    const { url } = await mcpServer((_, response) =>
      response.writeHead(200, { "content-type": "application/json" }).end(Buffer.from([0x7b, 0xff, 0x7d])),
    );
    expect(await list(url)).toMatchObject({ ok: false, failure: expect.stringContaining("not a JSON-RPC response") });
  });

  it("of a list without end", async () => {
    const { url, requests } = await mcpServer(({ message }, response) =>
      sendJson(response, toolPage(message?.id, ["a"], `after ${message?.id}`)),
    );
    expect(await list(url)).toMatchObject({ ok: false, failure: expect.stringContaining("1000 pages") });
    expect(requests).toHaveLength(MAX_LIST_PAGES);
  });

  it("of a server that does not answer", async () => {
    const { url } = await mcpServer(() => {});
    expect(await listTools(new URL(url), undefined, 50)).toEqual({
      ok: false,
      failure: "There was no answer within 50 ms.",
    });
  });

  it("of a server that is not there", async () => {
    expect(await list("http://127.0.0.1:1/mcp")).toEqual({ ok: false, failure: "The server could not be reached." });
  });
});

it("as many tools as may be are listed", async () => {
  const { url } = await mcpServer(({ message }, response) =>
    sendJson(response, toolPage(message?.id, names(MAX_LISTED_TOOLS))),
  );
  expect(await list(url)).toMatchObject({ ok: true, value: { length: MAX_LISTED_TOOLS } });
});
