/**
 * The official SDK's clients against the local stack: the gateway with the policy of `examples/mcp/`, the local issuer,
 * and the order service's MCP server.
 */
import * as sdk from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { LoggingMessageNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Stack } from "../../../src/local/stack.ts";
import type { WorkerLog } from "../../../src/local/worker-logs.ts";
import { shopSource, startShopStack } from "../../support/local/shop-stack.ts";
import { LeastScopes } from "../../support/mcp/least-scopes.ts";
import { MCP_POLICY, projectFile } from "../../support/project/project-files.ts";

const READ = "https://api.myecommerce.com/read:orders";
const WRITE = "https://api.myecommerce.com/write:orders";
const ITEMS = { items: [{ productId: 1, quantity: 2 }] };
const APP = { name: "test", version: "1.0.0" };

let stack: Stack;
const lines: Record<string, unknown>[] = [];

beforeAll(async () => {
  const onLog = ({ message: [line] }: WorkerLog) => {
    if (Reflect.get(Object(line), "event") === "decision") lines.push(line as Record<string, unknown>);
  };
  stack = await startShopStack({ readSource: async () => shopSource(projectFile(MCP_POLICY)), onLog });
});
afterAll(() => stack.dispose());
beforeEach(() => {
  lines.length = 0;
});

const credentials = (client: string) =>
  new LeastScopes({ client, scope: READ, issuer: `${stack.urls.issuer}/local_pool` });
const server = () => new URL(`${stack.urls.gateway}/mcp`);

/** What both clients are asked to do. */
interface Connected {
  readonly tools: () => Promise<{ tools: { name: string }[] }>;
  readonly call: (name: string, args?: Record<string, unknown>) => Promise<unknown>;
  readonly read: (uri: string) => Promise<{ contents: unknown[] }>;
  readonly revision: () => string | undefined;
  readonly close: () => Promise<void>;
}

async function connectOlder(provider: LeastScopes): Promise<Connected> {
  const client = new Client(APP);
  const transport = new StreamableHTTPClientTransport(server(), { authProvider: provider, fetch: provider.fetch });
  await client.connect(transport as never);
  return {
    tools: () => client.listTools(),
    call: async (name, args = {}) => client.callTool({ name, arguments: args }),
    read: (uri) => client.readResource({ uri }),
    revision: () => transport.protocolVersion,
    close: () => client.close(),
  };
}

async function connectNewer(provider: LeastScopes, mode: "auto" | "legacy" = "auto"): Promise<Connected> {
  const client = new sdk.Client(APP, { versionNegotiation: { mode } });
  const transport = new sdk.StreamableHTTPClientTransport(server(), { authProvider: provider, fetch: provider.fetch });
  await client.connect(transport);
  return {
    tools: () => client.listTools(),
    call: async (name, args = {}) => client.callTool({ name, arguments: args }),
    read: (uri) => client.readResource({ uri }),
    revision: () => client.getNegotiatedProtocolVersion(),
    close: () => client.close(),
  };
}

function contentOf(result: unknown): Readonly<Record<string, unknown>> {
  return Object(Reflect.get(Object(result), "structuredContent"));
}

describe.each([
  { name: "version 1 of the SDK", connect: connectOlder, revision: "2025-11-25" },
  { name: "version 2 of the SDK", connect: (it: LeastScopes) => connectNewer(it), revision: "2026-07-28" },
  {
    name: "version 2 of the SDK, with a session",
    connect: (it: LeastScopes) => connectNewer(it, "legacy"),
    revision: "2025-11-25",
  },
])("$name", ({ connect, revision }) => {
  it("goes from a 401 to a token, and from a 403 to a token with more scopes", async () => {
    const provider = credentials("admin");
    const client = await connect(provider);
    expect(client.revision()).toBe(revision);
    const { tools } = await client.tools();
    expect(tools.map(({ name }) => name)).toContain("create_order");
    const { total } = contentOf(await client.call("list_orders"));
    expect(provider.asked).toEqual([READ]);

    expect(contentOf(await client.call("create_order", ITEMS))).toMatchObject({ status: "placed", totalCents: 2580 });
    expect(provider.asked).toEqual([READ, `${READ} ${WRITE}`]);
    expect(contentOf(await client.call("list_orders"))).toMatchObject({ total: Number(total) + 1 });
    await client.close();
    expect(lines.filter(({ decision }) => decision === "deny")).toMatchObject([
      { status: 401, reason: "credentials-missing" },
      {
        status: 403,
        reason: "scope-insufficient",
        mcp_method: "tools/call",
        mcp_name: "create_order",
        required: [WRITE],
      },
    ]);
  });

  it("gets no further with a client that may not have the scopes", async () => {
    const provider = credentials("customer");
    const client = await connect(provider);
    // One generation of the SDK names the error in its class, the other in the message.
    const isInvalidScope = (error: Error) =>
      /invalid_?scope/i.test(`${error.name} ${error.constructor.name} ${error.message}`);
    await expect(client.call("create_order", ITEMS)).rejects.toSatisfy(isInvalidScope);
    expect(provider.refusals.at(-1)).toBe("403 scope-insufficient");
    await client.close();
  });

  it("is refused a tool that the server has and the policy does not list", async () => {
    const provider = credentials("admin");
    const client = await connect(provider);
    expect((await client.tools()).tools.map(({ name }) => name)).toContain("delete_order");
    await expect(client.call("delete_order", { id: "1" })).rejects.toThrow();
    expect(provider.refusals.at(-1)).toBe("403 message-unlisted");
    await client.close();
  });

  it("reads a resource, which the log names", async () => {
    const client = await connect(credentials("customer"));
    expect((await client.read("orders://prices")).contents).toMatchObject([{ uri: "orders://prices" }]);
    await expect
      .poll(() => lines)
      .toContainEqual(
        expect.objectContaining({ decision: "allow", mcp_method: "resources/read", mcp_name: "orders://prices" }),
      );
    await client.close();
  });
});

describe("a session", () => {
  it("has a stream, and ends for good with a DELETE", async () => {
    const provider = credentials("customer");
    const client = new Client(APP);
    const greeting = new Promise<unknown>((resolve) => {
      client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => resolve(params.data));
    });
    const transport = new StreamableHTTPClientTransport(server(), { authProvider: provider, fetch: provider.fetch });
    await client.connect(transport as never);
    const { sessionId = "" } = transport;
    expect(sessionId).toMatch(/^[0-9a-f-]{36}$/);
    expect(await greeting).toBe("The stream is open.");

    await transport.terminateSession();
    expect(transport.sessionId).toBeUndefined();
    const later = await fetch(server(), {
      method: "POST",
      headers: {
        authorization: `Bearer ${provider.tokens()?.access_token}`,
        "content-type": "application/json",
        "mcp-session-id": sessionId,
      },
      body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
    });
    expect([later.status, later.headers.get("x-served-by")]).toEqual([404, "orders"]);
    await client.close();
    await expect.poll(() => lines.map(({ method }) => method)).toEqual(expect.arrayContaining(["GET", "DELETE"]));
  });

  it("gets progress before the result, in one stream", async () => {
    const provider = credentials("customer");
    const client = new Client(APP);
    const transport = new StreamableHTTPClientTransport(server(), { authProvider: provider, fetch: provider.fetch });
    await client.connect(transport as never);
    const seen: unknown[] = [];
    const { isError } = await client.callTool({ name: "get_order", arguments: { id: "none" } }, undefined, {
      onprogress: (progress) => seen.push(progress),
    });
    expect([isError, seen]).toEqual([true, [{ progress: 1, total: 1 }]]);
    await client.close();
  });
});
