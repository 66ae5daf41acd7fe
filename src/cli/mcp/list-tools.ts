import { isObject, type JsonObject } from "../../json/json-object.ts";
import { failure, type Result, success } from "../../result.ts";
import { LIST_ANSWER_TIMEOUT_MS, MAX_LIST_PAGES, MAX_LISTED_TOOLS } from "./list-limits.ts";
import { readMessage } from "./read-message.ts";
import { readToolPage, type ToolPage } from "./tool-page.ts";

/**
 * The names of all tools of an MCP server, each once, sorted: `tools/list` over streamable HTTP, with every page. Asks
 * as revision 2026-07-28 does. A server that refuses that is asked as older revisions do, in a session that is ended.
 *
 * Follows no redirect, so that the token reaches no other host. Each answer is bounded in size and time, and so are
 * pages and tools. Calls no tool.
 *
 * @param token sent as a bearer token; `undefined`: none is sent
 * @returns a failure is one sentence or two; it repeats nothing of an answer except its status
 */
export async function listTools(
  url: URL,
  token: string | undefined,
  timeoutMs = LIST_ANSWER_TIMEOUT_MS,
): Promise<Result<readonly string[], string>> {
  const server = new Server(url, token, timeoutMs);
  const stateless = await allPages((cursor) => server.ask("tools/list", { ...cursor, _meta: META }, STATELESS));
  if (stateless.ok || stateless.failure.isFinal) return textOf(stateless);
  const session = await server.open();
  if (!session.ok) return failure(session.failure.message);
  try {
    return textOf(await allPages((cursor) => server.ask("tools/list", cursor, session.value)));
  } finally {
    await server.close(session.value);
  }
}

type Headers = Readonly<Record<string, string>>;

/** Why a list could not be read. */
interface AskFailure {
  readonly message: string;
  /** Whether an older revision would fail, too. */
  readonly isFinal: boolean;
}

type Asked = Result<JsonObject, AskFailure>;

const STATELESS_REVISION = "2026-07-28";
const SESSION_REVISION = "2025-11-25";
const STATELESS: Headers = { "mcp-protocol-version": STATELESS_REVISION, "mcp-method": "tools/list" };
const CLIENT = { name: "scopegate", version: "1" };
const META = {
  "io.modelcontextprotocol/protocolVersion": STATELESS_REVISION,
  "io.modelcontextprotocol/clientInfo": CLIENT,
  "io.modelcontextprotocol/clientCapabilities": {},
};

function textOf(result: Result<readonly string[], AskFailure>): Result<readonly string[], string> {
  return result.ok ? result : failure(result.failure.message);
}

async function allPages(
  ask: (cursor: { readonly cursor?: string }) => Promise<Asked>,
): Promise<Result<readonly string[], AskFailure>> {
  const names = new Set<string>();
  const cursors = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_LIST_PAGES; page += 1) {
    const answer = await ask(cursor === undefined ? {} : { cursor });
    if (!answer.ok) return answer;
    const read: Result<ToolPage, unknown> = readToolPage(answer.value);
    if (!read.ok) return final("The server's answer is not a list of tools.");
    for (const name of read.value.names) names.add(name);
    if (names.size > MAX_LISTED_TOOLS) return final(`The server has more than ${MAX_LISTED_TOOLS} tools.`);
    cursor = read.value.nextCursor;
    if (cursor === undefined) return success([...names].sort());
    if (cursors.has(cursor)) return final("The list of tools names a page twice, so it has no end.");
    cursors.add(cursor);
  }
  return final(`The list of tools has more than ${MAX_LIST_PAGES} pages.`);
}

function final(message: string): { readonly ok: false; readonly failure: AskFailure } {
  return failure({ message, isFinal: true });
}

class Server {
  readonly #url: URL;
  readonly #token: string | undefined;
  readonly #timeoutMs: number;
  #lastId = 0;

  constructor(url: URL, token: string | undefined, timeoutMs: number) {
    this.#url = url;
    this.#token = token;
    this.#timeoutMs = timeoutMs;
  }

  /** The result of a request. */
  async ask(method: string, params: object, headers: Headers): Promise<Asked> {
    const asked = await this.#request(method, params, headers);
    return asked.ok ? success(asked.value.result) : asked;
  }

  /** Begins a session. @returns the headers of its requests */
  async open(): Promise<Result<Headers, AskFailure>> {
    const params = { protocolVersion: SESSION_REVISION, capabilities: {}, clientInfo: CLIENT };
    const opened = await this.#request("initialize", params, {});
    if (!opened.ok) return opened;
    const { result, session } = opened.value;
    const revision = result["protocolVersion"];
    const headers = {
      "mcp-protocol-version": typeof revision === "string" ? revision : SESSION_REVISION,
      ...(session !== null && { "mcp-session-id": session }),
    };
    try {
      const response = await this.#send("POST", headers, { jsonrpc: "2.0", method: "notifications/initialized" });
      await response.body?.cancel();
    } catch {
      return final("The server could not be reached.");
    }
    return success(headers);
  }

  /** Ends a session, if there is one. A server need not let clients end it. */
  async close(headers: Headers): Promise<void> {
    if (headers["mcp-session-id"] === undefined) return;
    try {
      const response = await this.#send("DELETE", headers);
      await response.body?.cancel();
    } catch {}
  }

  async #request(
    method: string,
    params: object,
    headers: Headers,
  ): Promise<Result<{ readonly result: JsonObject; readonly session: string | null }, AskFailure>> {
    this.#lastId += 1;
    const id = this.#lastId;
    try {
      const response = await this.#send("POST", headers, { jsonrpc: "2.0", id, method, params });
      const { status } = response;
      if (status !== 200) {
        await response.body?.cancel();
        return failure({ message: statusText(status), isFinal: status === 401 || status === 403 });
      }
      const message = await readMessage(response, id);
      if (message === undefined)
        return final(
          "The server's answer is not a JSON-RPC response, or it is too large. Is this the URL of its MCP endpoint?",
        );
      const { result } = message;
      if (isObject(result)) return success({ result, session: response.headers.get("mcp-session-id") });
      return failure({ message: `The server answered \`${method}\` with an error.`, isFinal: false });
    } catch (error) {
      const isLate = error instanceof Error && error.name === "TimeoutError";
      return final(isLate ? `There was no answer within ${this.#timeoutMs} ms.` : "The server could not be reached.");
    }
  }

  #send(method: "POST" | "DELETE", headers: Headers, body?: object): Promise<Response> {
    return fetch(this.#url, {
      method,
      headers: {
        accept: "application/json, text/event-stream",
        ...(body && { "content-type": "application/json" }),
        ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
      redirect: "manual",
      signal: AbortSignal.timeout(this.#timeoutMs),
    });
  }
}

function statusText(status: number): string {
  if (status === 401 || status === 403) {
    return `The server refused the request with ${status}. Name a variable with a token that may list tools in --token-env.`;
  }
  if (status >= 300 && status < 400) {
    return "The server redirects, which is not followed. Name the URL that it redirects to: many servers want a slash at the end.";
  }
  if (status === 404 || status === 405) {
    return `The server answered with the status ${status}. Name the URL of its MCP endpoint, such as one that ends in /mcp.`;
  }
  return `The server answered with the status ${status}.`;
}
