import type { Caller } from "./caller.ts";
import { JSON_RPC, type JsonObject, objectOf, RpcError } from "./json-rpc.ts";
import { RESOURCE_TEMPLATES, RESOURCES, readResource } from "./order-resources.ts";
import { ORDER_TOOLS } from "./order-tools.ts";

/** The revisions of the protocol that have sessions, newest first. */
export const REVISIONS_WITH_SESSIONS = ["2025-11-25", "2025-06-18"] as const;
/** The revision without sessions. */
export const REVISION_WITHOUT_SESSIONS = "2026-07-28";

/** The member of `_meta` that names the server. */
const SERVER_MEMBER = "io.modelcontextprotocol/serverInfo";
const SERVER = { name: "orders", title: "Order tools", version: "1.0.0" };
const CAPABILITIES = { tools: {}, resources: {}, logging: {} };
/** What a list says of caches: it is the same for every caller, and changes with the service only. */
const CACHEABLE = { ttlMs: 60_000, cacheScope: "public" };

/** The result of a request. Throws `RpcError` if there is none. */
export async function answerMessage(method: string, params: JsonObject, caller: Caller): Promise<JsonObject> {
  switch (method) {
    case "initialize":
      return initialize(params);
    case "server/discover": {
      const supportedVersions = [REVISION_WITHOUT_SESSIONS, ...REVISIONS_WITH_SESSIONS];
      return { ...CACHEABLE, supportedVersions, capabilities: CAPABILITIES, _meta: { [SERVER_MEMBER]: SERVER } };
    }
    case "ping":
    case "logging/setLevel":
      return {};
    case "tools/list":
      return { ...CACHEABLE, tools: listedTools() };
    case "tools/call":
      return callTool(params, caller);
    case "resources/list":
      return { ...CACHEABLE, resources: RESOURCES };
    case "resources/templates/list":
      return { ...CACHEABLE, resourceTemplates: RESOURCE_TEMPLATES };
    case "resources/read":
      return { ttlMs: 0, cacheScope: "private", contents: await readResource(params["uri"], caller) };
    default:
      throw new RpcError(JSON_RPC.methodNotFound, "There is no such method.");
  }
}

function initialize({ protocolVersion }: JsonObject): JsonObject {
  const [newest] = REVISIONS_WITH_SESSIONS;
  const agreed = REVISIONS_WITH_SESSIONS.find((revision) => revision === protocolVersion) ?? newest;
  return { protocolVersion: agreed, capabilities: CAPABILITIES, serverInfo: SERVER };
}

function listedTools(): readonly JsonObject[] {
  return Array.from(ORDER_TOOLS, ([name, { description, inputSchema, readOnly }]) => ({
    name,
    description,
    inputSchema,
    annotations: { readOnlyHint: readOnly },
  }));
}

/** A tool that finds nothing says so in its result, so that the model reads it. */
async function callTool(params: JsonObject, caller: Caller): Promise<JsonObject> {
  const tool = ORDER_TOOLS.get(String(params["name"]));
  if (tool === undefined) throw new RpcError(JSON_RPC.invalidParams, "There is no such tool.");
  const found = await tool.call(params["arguments"], caller);
  if (typeof found === "string") return { content: [{ type: "text", text: found }], isError: true };
  return { content: [{ type: "text", text: JSON.stringify(found) }], structuredContent: objectOf(found) };
}
