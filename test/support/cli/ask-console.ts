import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";

/** An answer of the console. */
export interface ConsoleAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

/** A request to the console. Unlike `fetch`, it takes any `Host`, any target and headers of browsers. */
export interface ConsoleQuestion {
  readonly method?: string;
  /** Default: `/`. */
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

/** Sends a request as it is and reads the whole answer. */
export async function askConsole(url: string, question: ConsoleQuestion = {}): Promise<ConsoleAnswer> {
  const { method = "GET", target = "/", headers = {}, body } = question;
  const { hostname, port } = new URL(url);
  const sent = request({ hostname, port, method, path: target, headers, agent: false });
  // The console may answer, and close the connection, before it has read a long body.
  sent.end(body);
  const [response] = await once(sent, "response");
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part);
  return { status: response.statusCode, headers: response.headers, text: Buffer.concat(parts).toString("utf8") };
}

/** Sends bytes, and returns all that comes back until the connection ends. */
export async function askConsoleRaw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.end(text);
  let answer = "";
  for await (const part of socket) answer += part;
  return answer;
}
