import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { JWK } from "jose";
import { startServer } from "../e2e/test-server.ts";

/** Answers one request for a key set. */
export type KeySetAnswer = (request: IncomingMessage, response: ServerResponse) => void;

/** An HTTP server of this process that stands in for many issuers, each under its own path. */
export interface ScriptedIssuer {
  /** The identifier (`iss`) of an issuer; its key set is at `jwksUri`. */
  url(name: string): string;
  jwksUri(name: string): string;
  /** How it answers from now on. Without one: 404. */
  script(name: string, answer: KeySetAnswer): void;
  /** The number of requests for its key set. */
  requests(name: string): number;
  /** Listens again, on the same port. */
  start(): Promise<void>;
  /** Refuses connections. */
  stop(): Promise<void>;
}

export async function startScriptedIssuer(): Promise<ScriptedIssuer> {
  const answers = new Map<string, KeySetAnswer>();
  const requests = new Map<string, number>();
  const { origin, start, stop } = await startServer((request, response) => {
    const name = request.url?.split("/")[1] ?? "";
    requests.set(name, (requests.get(name) ?? 0) + 1);
    const answer = answers.get(name) ?? answersWith(404, "");
    answer(request, response);
  });
  return {
    url: (name) => `${origin}/${name}`,
    jwksUri: (name) => `${origin}/${name}/jwks.json`,
    script: (name, answer) => answers.set(name, answer),
    requests: (name) => requests.get(name) ?? 0,
    start,
    stop,
  };
}

/** Sends a key set with an entity tag, or 304 if the caller has it already. */
export function publishes(...keys: readonly JWK[]): KeySetAnswer {
  const body = JSON.stringify({ keys });
  const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 16)}"`;
  return (request, response) => {
    if (request.headers["if-none-match"] === etag) response.writeHead(304, { etag }).end();
    else response.writeHead(200, { "content-type": "application/json", etag }).end(body);
  };
}

/** Gives the answers in turn, one for each request. */
export function alternates(...answers: readonly KeySetAnswer[]): KeySetAnswer {
  let next = 0;
  return (request, response) => {
    answers[next % answers.length]?.(request, response);
    next += 1;
  };
}

export function answersWith(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): KeySetAnswer {
  return (_request, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
  };
}

/** Takes the request and never answers. */
export const hangs: KeySetAnswer = () => undefined;

/** Takes the request and cuts the connection. */
export const cuts: KeySetAnswer = (request) => request.socket.destroy();

/** Sends a byte now and then, so that the connection is never idle and the answer never ends. */
export const drips: KeySetAnswer = (_request, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const timer = setInterval(() => response.write(" "), 20);
  response.on("close", () => clearInterval(timer));
};
