/**
 * The types of the Workers runtime that the gateway's own modules name, as far as they go in Node, where the command
 * line runs them. `@cloudflare/workers-types` itself does not go together with the types of Node and the DOM.
 */

interface ExecutionContext {
  waitUntil(promise: Promise<unknown>): void;
}

interface Fetcher {
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
}

interface KVNamespace {
  get(key: string, options: { type: "text"; cacheTtl: number }): Promise<string | null>;
}

interface WorkerVersionMetadata {
  readonly id: string;
}

interface Response {
  readonly webSocket: null;
}

interface ResponseInit {
  webSocket?: null;
}

type SubtleCryptoSignAlgorithm = AlgorithmIdentifier | RsaPssParams | EcdsaParams;
