import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import { LOOPBACK } from "../../local/ports.ts";
import { CommandError } from "../args/exit-code.ts";
import { printInternalError } from "../args/internal-error.ts";
import { bundleAssets } from "./assets/bundle-assets.ts";
import { consoleApp } from "./console-app.ts";
import { ANSWER_HEADERS } from "./guard.ts";
import { policyOfFiles } from "./policy-of-files.ts";
import { type PolicyInput, policyReader } from "./view/policy-state.ts";
import type { StackView } from "./view/stack-view.ts";
import type { ViewContext } from "./view/view-context.ts";
import { VIEWS } from "./views.ts";

/** What the console shows, and where. */
export interface ConsoleOptions {
  readonly policy: PolicyInput;
  /** The environment of wrangler's file that gives the vars; left out: the top level. */
  readonly environment?: string | undefined;
  /** The day for routes with `report`, asked for with each request. */
  readonly day: () => string;
  /** 0 stands for any free port. */
  readonly port: number;
  /** The option that sets the port, for the message that it is in use. */
  readonly portOption: string;
  readonly stack?: StackView;
}

/** The console while it runs. */
export interface RunningConsole {
  /** Its origin, such as `http://127.0.0.1:8791`. */
  readonly url: string;
  /** Ends all connections, open event streams included. May be called again. */
  close(): Promise<void>;
}

/**
 * Serves the console on loopback, until it is closed. A policy that is invalid is shown with its faults. Throws
 * `CommandError` if the port cannot be opened.
 */
export async function startConsole(options: ConsoleOptions): Promise<RunningConsole> {
  const { policy, environment, day, port, portOption, stack } = options;
  const read = policyReader(policy);
  const closing = new AbortController();
  const policyName = policy.name;
  const compileIn: ViewContext["compileIn"] = (name, source) => policyOfFiles(policyName, name).compile(source);
  let listensOn = port;
  const app = consoleApp({
    context: async () => ({ policyName, compileIn, environment, stack, day: day(), state: await read() }),
    assets: await bundleAssets(["console", ...VIEWS.map(({ id }) => id)]),
    port: () => listensOn,
    closing: closing.signal,
    onError: printBug,
  });
  const errorHandler = () => new Response("The request is malformed.", { status: 400, headers: ANSWER_HEADERS });
  // The guard refuses a request without `Host`, with the headers of every answer.
  const answer = getRequestListener(app.fetch, { hostname: LOOPBACK, errorHandler });
  const server = createServer({ requireHostHeader: false }, answer);
  // Otherwise Node answers an `Expect` that it does not know itself, without the headers of every answer.
  server.on("checkExpectation", answer);
  server.on("clientError", refuseMalformed);
  try {
    server.listen(port, LOOPBACK);
    await once(server, "listening");
  } catch (error) {
    throw new CommandError(`${portFault(error, port)} Choose another with --${portOption}.`);
  }
  listensOn = (server.address() as AddressInfo).port;
  return {
    url: `http://${LOOPBACK}:${listensOn}`,
    async close() {
      if (!server.listening) return;
      closing.abort();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * Answers what is not an HTTP request, or has headers of over 16 KiB. Node's own answer would lack the headers of every
 * other.
 */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable) return void socket.destroy();
  const status = error.code === "HPE_HEADER_OVERFLOW" ? "431 Request Header Fields Too Large" : "400 Bad Request";
  const headers = Object.entries({ ...ANSWER_HEADERS, connection: "close", "content-length": "0" });
  socket.end(`HTTP/1.1 ${status}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
}

function portFault(error: unknown, port: number): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "EADDRINUSE"
    ? `Port ${port} (console) is in use.`
    : `Port ${port} (console) cannot be opened: ${code}.`;
}

/** The message of an error may quote a form, so only its name and its stack are printed for one. */
function printBug(error: unknown, { method }: Request): void {
  if (method !== "POST" || !(error instanceof Error)) return void printInternalError(error);
  const bug = new Error(`${error.name} while a form was answered`);
  bug.stack = (error.stack ?? "")
    .split("\n")
    .filter((line) => /^ {4}at /.test(line))
    .join("\n");
  printInternalError(bug);
}
