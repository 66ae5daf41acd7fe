/** What an MCP route of the built Worker does with messages as they stand on the wire, and what reaches the server. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { gatewayPolicy } from "../../support/e2e/gateway-policy.ts";
import { sendLines, type WireAnswer } from "../../support/e2e/socket.ts";
import { startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";
import type { WireMessage } from "../../support/mcp/wire/wire-message.ts";
import { WIRE_MESSAGES } from "../../support/mcp/wire/wire-messages.ts";
import { WIRE_ROUTES } from "../../support/mcp/wire/wire-routes.ts";

const API = "https://api.example";

let issuer: TestIssuer;
let upstream: TestUpstream;
let gateway: TestGateway;
let tokens: Readonly<Record<"none" | "read" | "admin", string>>;

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
  gateway = await startGateway({
    policy: gatewayPolicy(issuer, upstream, {
      resourceServers: { [API]: { scopes: { read: "", admin: "" } } },
      routes: WIRE_ROUTES.map((route) => ({ ...route, upstream: "echo" })),
    }),
  });
  const tokenOf = (scope: string) => issuer.token({ scope });
  const [none, read, admin] = await Promise.all(["", `${API}/read`, `${API}/read ${API}/admin`].map(tokenOf));
  tokens = { none: String(none), read: String(read), admin: String(admin) };
});
afterAll(() => Promise.all([gateway?.dispose(), upstream?.stop(), issuer?.stop()]));
beforeEach(() => {
  upstream.received.length = 0;
});

function send(message: WireMessage): Promise<WireAnswer> {
  const { body, headers = [], path = "/mcp", token = "read" } = message;
  const type = Object.hasOwn(message, "type") ? message.type : "application/json";
  const bytes = Buffer.from(body as string, "utf8");
  return sendLines(
    gateway.origin,
    [
      `POST ${path} HTTP/1.1`,
      ...(token === "absent" ? [] : [`Authorization: Bearer ${tokens[token]}`]),
      ...(type === undefined ? [] : [`Content-Type: ${type}`]),
      `Content-Length: ${bytes.length}`,
      ...headers,
    ],
    bytes.toString("latin1"),
  );
}

/** `200`, or status, reason and code of JSON-RPC. */
function outcome({ status, body }: WireAnswer): string {
  if (status === 200) return "200";
  const { error } = JSON.parse(body) as { error: { code: number; data: { type: string; status: number } } };
  expect(error.data.status).toBe(status);
  return `${status} ${error.data.type.split("/").at(-1)} ${error.code}`;
}

describe("a message on the wire", () => {
  it.each(WIRE_MESSAGES)("$name: $expected", async (message) => {
    const answer = await send(message);
    expect(outcome(answer)).toBe(message.expected);
    expect(answer.headers.get("content-type")).toEqual(["application/json"]);
    if (message.expected !== "200") {
      const id = message.expected.includes("-32700") ? null : 7;
      expect(JSON.parse(answer.body)).toMatchObject({ jsonrpc: "2.0", id: message.id === undefined ? id : message.id });
      expect(upstream.received).toEqual([]);
      return;
    }
    const sent = Buffer.from(message.body as string, "utf8");
    expect(upstream.received.map(({ method, body }) => ({ method, body }))).toEqual([
      { method: "POST", body: sent.toString("utf8") },
    ]);
    const { headers } = upstream.received[0] ?? {};
    expect(headers?.["authorization"]).toBeUndefined();
    expect(headers?.["content-length"]).toBe(String(sent.length));
    expect(headers?.["content-type"]).toBe("application/json");
    expect(headers?.["transfer-encoding"]).toBeUndefined();
    const parsed = JSON.parse(sent.toString("utf8")) as { method?: string };
    expect(headers?.["mcp-method"]).toBe(parsed.method);
  });
});
