/** Calls of the gateway of `mcp-gateway.ts`, as tables of tests have them. */

/** A request to an MCP route. */
export interface Call {
  readonly path?: string;
  readonly method?: string;
  readonly body?: BodyInit | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: "none" | "read" | "admin" | "bad" | "absent";
}

/** A call, and how the gateway refuses it. */
export interface Refused {
  readonly name: string;
  readonly call: Call;
  readonly status: number;
  readonly reason: string;
  /** `error.code` of JSON-RPC. */
  readonly code: number;
  /** Left out: `null`. */
  readonly id?: unknown;
}

export const NEW = "2026-07-28";
export const PLAIN = { "content-type": "application/json" };

export const text = (method: string, params?: unknown, more: object = {}): string =>
  JSON.stringify({ jsonrpc: "2.0", id: 7, method, ...(params !== undefined && { params }), ...more });
export const call = (name: unknown, more: object = {}): string => text("tools/call", { name, ...more });
export const read = (uri: unknown): string => text("resources/read", { uri });
export const modern = (method: string, name?: string): Record<string, string> => ({
  ...PLAIN,
  "mcp-protocol-version": NEW,
  "mcp-method": method,
  ...(name !== undefined && { "mcp-name": name }),
});
