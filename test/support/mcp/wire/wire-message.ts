/**
 * Messages of MCP as they stand on the wire, and what the contract says of each. Written from the documentation, not
 * from the code: `docs/reference/routes-json.md`, MCP 2025-06-18, 2025-11-25 and 2026-07-28, JSON-RPC 2.0, RFC 8259,
 * RFC 9110.
 */

/** A message, and what becomes of it. */
export interface WireMessage {
  readonly name: string;
  readonly body: string | Uint8Array;
  /** Lines of headers, `Content-Type: application/json` aside. */
  readonly headers?: readonly string[];
  /** Instead of `Content-Type: application/json`. */
  readonly type?: string | undefined;
  readonly path?: string;
  readonly token?: "none" | "read" | "admin" | "absent";
  /** `200`: the upstream gets exactly these bytes. Otherwise status, reason, code of JSON-RPC. */
  readonly expected: string;
  /** Of a refusal. Left out: 7 for what is a message, else `null`. */
  readonly id?: number | string | null;
}

export const NEW = "2026-07-28";
export const json = (value: unknown): string => JSON.stringify(value);
export const message = (method: unknown, params?: unknown, more: object = {}): string =>
  json({ jsonrpc: "2.0", id: 7, method, ...(params !== undefined && { params }), ...more });
export const call = (name: unknown, more: object = {}): string => message("tools/call", { name, ...more });
export const read = (uri: unknown, method = "resources/read"): string => message(method, { uri });
export const listen = (notifications: unknown): string => message("subscriptions/listen", { notifications });
export const complete = (ref: unknown): string =>
  message("completion/complete", { ref, argument: { name: "id", value: "" } });
export const meta = (revision: unknown) => ({ _meta: { "io.modelcontextprotocol/protocolVersion": revision } });
export const revision = (value: string): string => `MCP-Protocol-Version: ${value}`;
export const modern = (method: string, name?: string): readonly string[] => [
  revision(NEW),
  `Mcp-Method: ${method}`,
  ...(name === undefined ? [] : [`Mcp-Name: ${name}`]),
];
export const base64 = (text: string): string => `=?base64?${Buffer.from(text, "utf8").toString("base64")}?=`;
export const utf16 = (text: string, littleEndian: boolean): Uint8Array => {
  const bytes = Buffer.from(text, "utf16le");
  return littleEndian ? bytes : bytes.swap16();
};

export const OK = "200";
export const LACKS = "403 scope-insufficient 403";
export const UNLISTED = "403 message-unlisted 403";
export const NO_METHOD = "404 message-unlisted -32601";
export const PARSE = "400 message-malformed -32700";
export const REQUEST = "400 message-malformed -32600";
export const PARAMS = "400 message-malformed -32602";
export const TYPE = "415 message-malformed -32700";
export const MISMATCH = "400 message-header-mismatch -32020";
export const UNSUPPORTED = "400 message-header-mismatch -32022";
export const ORIGIN = "403 origin-refused 403";
export const LONG = "413 body-too-large 413";
export const NO_TOKEN = "401 credentials-missing 401";

export type Row = readonly [name: string, body: string | Uint8Array, expected: string, more?: Partial<WireMessage>];
export const rows = (list: readonly Row[]): readonly WireMessage[] =>
  list.map(([name, body, expected, more]) => ({ name, body, expected, ...more }));
