import type { Upstream } from "../policy/policy.ts";

/** The part of `fetch` that sends requests to upstreams. */
export type UpstreamFetch = (request: Request | string, init: RequestInit) => Promise<UpstreamResponse>;

/** A response as the Workers runtime gives it: `webSocket` is set when the upstream accepted an upgrade. */
export type UpstreamResponse = Response & { readonly webSocket: WebSocket | null };

/** The function that sends requests to an upstream of the policy. Throws for any other upstream: that is a bug. */
export type FetcherOf = (upstream: Upstream) => UpstreamFetch;

/**
 * Resolves every upstream once: a URL to `fetch`, a service to its binding. A binding that is missing fails the
 * requests to that upstream, with `upstream-unreachable`, and no others.
 */
export function createFetcherOf(
  upstreams: Iterable<Upstream>,
  bindings: Readonly<Record<string, unknown>>,
  fetch: UpstreamFetch,
): FetcherOf {
  const fetchers = new Map<string, UpstreamFetch>();
  for (const upstream of upstreams) {
    fetchers.set(upstream.name, upstream.kind === "url" ? fetch : serviceFetch(upstream.binding, bindings));
  }
  return ({ name }) => {
    const fetcher = fetchers.get(name);
    if (fetcher === undefined) throw new Error(`unknown upstream ${name}`);
    return fetcher;
  };
}

function serviceFetch(name: string, bindings: Readonly<Record<string, unknown>>): UpstreamFetch {
  const binding = bindings[name];
  if (!isService(binding)) return () => Promise.reject(new Error(`The service binding ${name} is missing.`));
  return (request, init) => binding.fetch(request, init);
}

function isService(binding: unknown): binding is { readonly fetch: UpstreamFetch } {
  return typeof binding === "object" && binding !== null && "fetch" in binding;
}
