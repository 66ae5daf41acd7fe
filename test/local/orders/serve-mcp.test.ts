import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningWorkers } from "../../../src/local/miniflare.ts";
import { startService } from "../../support/local/service-client.ts";

const WITHOUT_SESSIONS = { "mcp-protocol-version": "2026-07-28" };
const ITEMS = { items: [{ productId: 1, quantity: 2 }] };

let service: RunningWorkers;

beforeAll(async () => {
  service = await startService("orders");
});
afterAll(() => service.dispose());

type HeaderValues = Readonly<Record<string, string>>;

function send(
  method: string,
  body: string | undefined,
  headers: HeaderValues = {},
  subject = "ann",
): Promise<Response> {
  return fetch(`${service.urls["orders"]}/mcp`, {
    method,
    headers: { "content-type": "application/json", "x-auth-subject": subject, ...headers },
    ...(body !== undefined && { body }),
  });
}

interface Reply {
  readonly status: number;
  readonly result: Readonly<Record<string, unknown>>;
  readonly code: number | undefined;
}

async function ask(method: string, params: object = {}, headers: HeaderValues = {}, subject = "ann"): Promise<Reply> {
  const response = await send("POST", JSON.stringify({ jsonrpc: "2.0", id: 7, method, params }), headers, subject);
  const body = await response.json();
  expect(body).toMatchObject({ jsonrpc: "2.0", id: 7 });
  const { result, error } = Object(body);
  return { status: response.status, result: Object(result), code: error?.code };
}

const call = (name: string, args?: object, subject?: string) =>
  ask("tools/call", { name, arguments: args }, {}, subject);

async function createOrder(): Promise<string> {
  const { result } = await call("create_order", ITEMS);
  return String(Reflect.get(Object(result["structuredContent"]), "id"));
}

async function beginSession(subject?: string): Promise<string> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: {} });
  return String((await send("POST", body, {}, subject)).headers.get("mcp-session-id"));
}

describe("a tool", () => {
  it.each([
    { tool: "list_orders", readOnly: true },
    { tool: "get_order", readOnly: true },
    { tool: "create_order", readOnly: false },
    { tool: "cancel_order", readOnly: false },
    { tool: "delete_order", readOnly: false },
  ])("is listed: $tool", async ({ tool, readOnly }) => {
    const { result } = await ask("tools/list");
    expect(result["tools"]).toContainEqual(
      expect.objectContaining({ name: tool, annotations: { readOnlyHint: readOnly } }),
    );
  });

  it("works on the orders of the caller", async () => {
    const id = await createOrder();
    expect((await call("get_order", { id })).result).toMatchObject({ structuredContent: { id, totalCents: 2580 } });
    expect((await call("list_orders", { limit: 1 })).result).toMatchObject({ structuredContent: { items: [{ id }] } });
    expect((await call("cancel_order", { id })).result).toMatchObject({ structuredContent: { status: "cancelled" } });
    expect((await call("cancel_order", { id })).result).toMatchObject({ isError: true });
    expect((await call("delete_order", { id })).result).toMatchObject({ structuredContent: { deleted: id } });
    expect((await call("delete_order", { id })).result).toMatchObject({ isError: true });
  });

  it.each(["get_order", "cancel_order", "delete_order"])("sees no order of others: %s", async (tool) => {
    const id = await createOrder();
    expect((await call(tool, { id }, "bob")).result).toMatchObject({
      content: [{ text: "There is no such order." }],
      isError: true,
    });
  });

  it.each([
    { name: "no tool", tool: "drop_orders", args: {} },
    { name: "an argument too many", tool: "list_orders", args: { subject: "bob" } },
    { name: "a limit beyond the range", tool: "list_orders", args: { limit: 101 } },
    { name: "no items", tool: "create_order", args: { items: [] } },
    { name: "no arguments", tool: "get_order", args: undefined },
  ])("is refused: $name", async ({ tool, args }) => {
    expect(await call(tool, args)).toMatchObject({ status: 200, code: -32602 });
  });
});

describe("a resource", () => {
  it("is listed or has a template, and is read", async () => {
    expect((await ask("resources/list")).result).toMatchObject({ resources: [{ uri: "orders://prices" }] });
    expect((await ask("resources/templates/list")).result["resourceTemplates"]).toMatchObject([{ name: "order" }]);
    const uri = `orders://by-id/${await createOrder()}`;
    expect((await ask("resources/read", { uri })).result).toMatchObject({ contents: [{ uri }] });
    expect((await ask("resources/read", { uri }, {}, "bob")).code).toBe(-32602);
    expect((await ask("resources/read", { uri: "orders://prices" })).result).toMatchObject({ contents: [{}] });
  });
});

describe("a revision", () => {
  it.each([
    { asked: "2025-06-18", agreed: "2025-06-18" },
    { asked: "2025-11-25", agreed: "2025-11-25" },
    { asked: "2024-11-05", agreed: "2025-11-25" },
    { asked: "2026-07-28", agreed: "2025-11-25" },
  ])("with sessions is agreed on: $asked becomes $agreed", async ({ asked, agreed }) => {
    expect((await ask("initialize", { protocolVersion: asked })).result["protocolVersion"]).toBe(agreed);
  });

  it("without sessions is discovered, and its results are marked", async () => {
    const { result } = await ask("server/discover", {}, WITHOUT_SESSIONS);
    expect(result).toMatchObject({
      resultType: "complete",
      supportedVersions: ["2026-07-28", "2025-11-25", "2025-06-18"],
    });
    expect((await ask("tools/list")).result).not.toHaveProperty("resultType");
  });

  it.each([
    { name: "an unknown one", headers: { "mcp-protocol-version": "1999-01-01" }, method: "POST", status: 400 },
    { name: "a stream without sessions", headers: WITHOUT_SESSIONS, method: "GET", status: 405 },
    { name: "an end without sessions", headers: WITHOUT_SESSIONS, method: "DELETE", status: 405 },
    { name: "another method", headers: {}, method: "PUT", status: 405 },
    { name: "a stream of no session", headers: {}, method: "GET", status: 400 },
    { name: "an unknown session", headers: { "mcp-session-id": "x" }, method: "GET", status: 404 },
  ])("is refused: $name", async ({ headers, method, status }) => {
    const body = method === "POST" ? '{"jsonrpc":"2.0","id":1,"method":"ping"}' : undefined;
    const response = await send(method, body, headers as HeaderValues);
    await response.body?.cancel();
    expect(response.status).toBe(status);
  });

  it.each([
    { revision: "with sessions", headers: {}, status: 200 },
    { revision: "without sessions", headers: WITHOUT_SESSIONS, status: 404 },
  ])("says that a method is unknown: $revision", async ({ headers, status }) => {
    expect(await ask("tools/drop", {}, headers as HeaderValues)).toMatchObject({ status, code: -32601 });
  });
});

describe("a session", () => {
  it("opens a stream, and no request names it after its end", async () => {
    const headers = { "mcp-session-id": await beginSession() };
    const stream = await send("GET", undefined, headers);
    const reader = stream.body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    expect(first).toContain('"method":"notifications/message"');
    await reader?.cancel();
    expect((await send("DELETE", undefined, headers)).status).toBe(204);
    expect((await send("DELETE", undefined, headers)).status).toBe(404);
  });

  it("is of use to its caller only", async () => {
    const headers = { "mcp-session-id": await beginSession() };
    expect((await ask("ping", {}, headers)).status).toBe(200);
    const stolen = await send("POST", '{"jsonrpc":"2.0","id":1,"method":"ping"}', headers, "bob");
    expect(stolen.status).toBe(404);
  });
});

describe("a message", () => {
  it.each([
    { name: "no JSON", body: "{", status: 400 },
    { name: "no object", body: "[]", status: 400 },
    { name: "no method", body: '{"jsonrpc":"2.0","id":1}', status: 400 },
    { name: "a notification", body: '{"jsonrpc":"2.0","method":"notifications/initialized"}', status: 202 },
  ])("is answered with $status: $name", async ({ body, status }) => {
    expect((await send("POST", body)).status).toBe(status);
  });

  it("of nobody is refused", async () => {
    expect((await send("POST", "{}", {}, "")).status).toBe(401);
  });

  it("with a progress token is answered in a stream", async () => {
    const params = { name: "list_orders", _meta: { progressToken: 3 } };
    const response = await send("POST", JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }));
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const events = (await response.text()).split("\n\n").filter((event) => event !== "");
    expect(events.map((event) => Object.keys(JSON.parse(event.replace(/^event: message\ndata: /, ""))))).toEqual([
      ["jsonrpc", "method", "params"],
      ["jsonrpc", "id", "result"],
    ]);
  });
});
