import { answerMessage, REVISION_WITHOUT_SESSIONS, REVISIONS_WITH_SESSIONS } from "./answer-message.ts";
import type { Caller } from "./caller.ts";
import { finiteStream, openStream } from "./event-stream.ts";
import { JSON_RPC, type JsonObject, objectOf, RpcError } from "./json-rpc.ts";
import { beginSession, endSession, hasSession, SESSION_TABLES } from "./sessions.ts";

/** The tables that the MCP server needs. */
export const MCP_TABLES = SESSION_TABLES;

/**
 * The order service as a server of the Model Context Protocol, over streamable HTTP: one message for each POST, and in
 * the revisions with sessions a stream for GET and the end of a session for DELETE. A client may do without a session.
 *
 * Who may call which tool is not checked: the gateway decides that before.
 */
export async function serveMcp(request: Request, caller: Caller): Promise<Response> {
  const revision = request.headers.get("mcp-protocol-version");
  const hasNoSessions = revision === REVISION_WITHOUT_SESSIONS;
  const isKnown = revision === null || hasNoSessions || REVISIONS_WITH_SESSIONS.some((known) => known === revision);
  if (!isKnown) return failure(400, null, JSON_RPC.invalidRequest, "There is no such revision of the protocol.");
  const session = hasNoSessions ? null : request.headers.get("mcp-session-id");
  if (session !== null && !(await hasSession(session, caller))) {
    return failure(404, null, JSON_RPC.invalidRequest, "There is no such session.");
  }
  if (request.method === "POST") return answerPost(request, { caller, hasNoSessions });
  const isStream = request.method === "GET" || request.method === "DELETE";
  if (hasNoSessions || !isStream) {
    const allow = hasNoSessions ? "POST" : "GET, POST, DELETE";
    return new Response(null, { status: 405, headers: { allow } });
  }
  if (session === null) return failure(400, null, JSON_RPC.invalidRequest, "Name a session.");
  if (request.method === "GET") return openStream([GREETING]);
  await endSession(session, caller);
  return new Response(null, { status: 204 });
}

/** What a new stream begins with, so that a client sees that it is open. */
const GREETING: JsonObject = {
  jsonrpc: "2.0",
  method: "notifications/message",
  params: { level: "info", logger: "orders", data: "The stream is open." },
};

interface Conversation {
  readonly caller: Caller;
  readonly hasNoSessions: boolean;
}

async function answerPost(request: Request, { caller, hasNoSessions }: Conversation): Promise<Response> {
  const message = objectOf(await request.json().catch(() => undefined));
  const { id, method } = message;
  if (message["jsonrpc"] !== "2.0" || typeof method !== "string") {
    return failure(400, null, JSON_RPC.invalidRequest, "The body is not a request.");
  }
  if (id === undefined) return new Response(null, { status: 202 });
  const params = objectOf(message["params"]);
  try {
    const result = await answerMessage(method, params, caller);
    const answer = { jsonrpc: "2.0", id, result: hasNoSessions ? { resultType: "complete", ...result } : result };
    const progressToken = objectOf(params["_meta"])["progressToken"];
    if (method === "tools/call" && progressToken !== undefined) return finiteStream([progress(progressToken), answer]);
    const begins = method === "initialize" && !hasNoSessions;
    return Response.json(answer, begins ? { headers: { "mcp-session-id": await beginSession(caller) } } : {});
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    // In the revision without sessions, HTTP says it, too.
    const isUnknown = hasNoSessions && error.code === JSON_RPC.methodNotFound;
    return failure(isUnknown ? 404 : 200, id, error.code, error.message);
  }
}

function progress(progressToken: unknown): JsonObject {
  return { jsonrpc: "2.0", method: "notifications/progress", params: { progressToken, progress: 1, total: 1 } };
}

function failure(status: number, id: unknown, code: number, message: string): Response {
  return Response.json({ jsonrpc: "2.0", id, error: { code, message } }, { status });
}
