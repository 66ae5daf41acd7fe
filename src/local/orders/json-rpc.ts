/** Codes of JSON-RPC 2.0, section 5.1. */
export const JSON_RPC = { invalidRequest: -32600, methodNotFound: -32601, invalidParams: -32602 } as const;

/** A failure that the answer to a message names. */
export class RpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** An object of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The value, if it is an object of JSON; otherwise an empty one. */
export function objectOf(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
