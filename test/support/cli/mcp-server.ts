import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";

/** A request that the server got. */
export interface McpRequest {
  readonly method: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** The message; `undefined`: there is none. */
  readonly message: Message | undefined;
}

interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Answers a request; `undefined` leaves it to the handler. */
type Answer = (request: McpRequest, response: ServerResponse) => void;

/** An MCP server on loopback, stopped after the tests of the file. */
export async function mcpServer(answer: Answer): Promise<{ readonly url: string; readonly requests: McpRequest[] }> {
  const requests: McpRequest[] = [];
  const server = createServer(async (incoming: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const request = {
      method: incoming.method,
      headers: incoming.headers,
      message: text === "" ? undefined : (JSON.parse(text) as Message),
    };
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, requests };
}

/** Sends a JSON answer. */
export function sendJson(response: ServerResponse, value: unknown, headers: Record<string, string> = {}, status = 200) {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
}

/** The result of a page of `tools/list`. */
export function toolPage(id: number | undefined, names: readonly string[], nextCursor?: string) {
  const tools = names.map((name) => ({ name, inputSchema: { type: "object" } }));
  return { jsonrpc: "2.0", id, result: { tools, ...(nextCursor !== undefined && { nextCursor }) } };
}
