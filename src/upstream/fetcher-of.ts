import type { Upstream } from "../policy/policy.ts";

/** The part of `fetch` that sends requests to upstreams. */
export type UpstreamFetch = (request: Request | string, init: RequestInit) => Promise<UpstreamResponse>;

/** A response as the Workers runtime gives it: `webSocket` is set when the upstream accepted an upgrade. */
export type UpstreamResponse = Response & { readonly webSocket: WebSocket | null };

/** The function that sends requests to an upstream of the policy. Throws for any other upstream: that is a bug. */
export type FetcherOf = (upstream: Upstream) => UpstreamFetch;

/**
 * Resolves every upstream once: a URL to `fetch` or to the binding of its `via`, a service to its binding. A binding
 * that is missing fails the requests to that upstream, with `upstream-unreachable`, and no others: a request that
 * should go through `via` never goes to the network instead.
 */
export function createFetcherOf(
  upstreams: Iterable<Upstream>,
  bindings: Readonly<Record<string, unknown>>,
  fetch: UpstreamFetch,
): FetcherOf {
  const fetchers = new Map<string, UpstreamFetch>();
  for (const upstream of upstreams) {
    const binding = upstream.kind === "url" ? upstream.via : upstream.binding;
    fetchers.set(upstream.name, binding === undefined ? fetch : bindingFetch(binding, upstream.kind, bindings));
  }
  return ({ name }) => {
    const fetcher = fetchers.get(name);
    if (fetcher === undefined) throw new Error(`unknown upstream ${name}`);
    return fetcher;
  };
}

function bindingFetch(
  name: string,
  kind: Upstream["kind"],
  bindings: Readonly<Record<string, unknown>>,
): UpstreamFetch {
  const binding = bindings[name];
  const what = kind === "service" ? "service binding" : "binding";
  if (!canFetch(binding)) return () => Promise.reject(new Error(`The ${what} ${name} is missing.`));
  return (request, init) => binding.fetch(request, init);
}

/** Whether a binding leads somewhere: a service, a VPC service or an mTLS certificate does. */
export function canFetch(binding: unknown): binding is { readonly fetch: UpstreamFetch } {
  return typeof binding === "object" && binding !== null && "fetch" in binding;
}
