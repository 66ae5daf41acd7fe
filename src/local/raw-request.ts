import { type OutgoingHttpHeaders, request } from "node:http";

/** A request to send without any changes. */
export interface RawRequest {
  /** `http://host:port`. */
  readonly origin: string;
  readonly method?: string;
  /** The request target, sent unchanged: unlike `fetch`, nothing resolves, normalizes or encodes it. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  /** Ends the request, which then rejects. */
  readonly signal?: AbortSignal;
}

/** A response, with its whole body as text. */
export interface RawResponse {
  readonly status: number;
  /** Names are in lower case. The lines of a repeated header are joined with commas. */
  readonly headers: Headers;
  readonly body: string;
}

/** Sends one HTTP/1.1 request on a new connection. Follows no redirect. Rejects if the connection fails. */
export function rawRequest({ origin, method = "GET", path, headers, body, signal }: RawRequest): Promise<RawResponse> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers, signal, agent: false }, (incoming) => {
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
