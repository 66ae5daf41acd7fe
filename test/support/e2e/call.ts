import { type RawResponse, rawRequest } from "../../../src/local/raw-request.ts";

export interface CallOptions {
  /** Sent as bearer token. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends a request such as `GET /products` on a connection of its own. The path is sent unchanged. */
export function call(
  origin: string,
  request: string,
  { token, headers, body }: CallOptions = {},
): Promise<RawResponse> {
  const [method = "GET", path = "/"] = request.split(" ");
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return rawRequest({
    origin,
    method,
    path,
    headers: { ...authorization, ...headers },
    ...(body === undefined ? {} : { body }),
  });
}

/** The JSON object in the body. */
export function jsonOf({ body }: { readonly body: string }): Readonly<Record<string, unknown>> {
  return JSON.parse(body) as Readonly<Record<string, unknown>>;
}

const PROBLEM_TYPE = "https://scopegate.dev/problems/";

/** `403 scope-insufficient` for an answer of the gateway, the status alone for one of an upstream. */
export function statusAndReason({ status, body }: { readonly status: number; readonly body: string }): string {
  if (!body.includes(PROBLEM_TYPE)) return String(status);
  return `${status} ${String(jsonOf({ body })["type"]).slice(PROBLEM_TYPE.length)}`;
}
