import { type OutgoingHttpHeaders, request } from "node:http";

export interface RawRequest {
  /** `http://host:port`. */
  readonly origin: string;
  readonly method?: string;
  /** The request target, sent as it stands: unlike `fetch`, nothing is resolved, folded or encoded. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

export interface RawResponse {
  readonly status: number;
  /** Lower-case names; of a repeated header all lines, joined with a comma. */
  readonly headers: Headers;
  readonly body: string;
}

/** One HTTP/1.1 request on a connection of its own. Follows no redirect; rejects when the connection fails. */
export function rawRequest({ origin, method = "GET", path, headers, body }: RawRequest): Promise<RawResponse> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const received = new Headers();
        for (const [name, lines] of Object.entries(incoming.headersDistinct)) {
          for (const line of lines ?? []) received.append(name, line);
        }
        resolve({ status: incoming.statusCode ?? 0, headers: received, body: Buffer.concat(chunks).toString() });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
