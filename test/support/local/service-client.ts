import { join } from "node:path";
import { bundleWorker } from "../../../src/local/bundle.ts";
import { type LocalWorker, type RunningWorkers, startWorkers } from "../../../src/local/miniflare.ts";

const SOURCES = join(import.meta.dirname, "../../../src/local");

/** Starts one Worker of `src/local` with an empty database. */
export async function startService(
  name: "issuer" | "products" | "orders",
  options: { readonly persist?: string; readonly vars?: NonNullable<LocalWorker["vars"]>; readonly port?: number } = {},
): Promise<RunningWorkers> {
  const { persist, ...worker } = options;
  const script = await bundleWorker(join(SOURCES, name, "index.ts"));
  return startWorkers({ workers: [{ name, script, d1: ["DB"], ...worker }], persist });
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON body; `undefined` when there is none. */
  readonly body: unknown;
}

/** Sends a request, with `json` as its body if given. */
export async function send(
  origin: string | undefined,
  request: string,
  options: { readonly json?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer> {
  const [method = "GET", path = "/"] = request.split(" ");
  const response = await fetch(`${origin}${path}`, {
    method,
    headers: { ...(options.json !== undefined && { "content-type": "application/json" }), ...options.headers },
    ...(options.json !== undefined && { body: JSON.stringify(options.json) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}
