import { Denial } from "../answer/denial.ts";
import type { Env } from "../env.ts";
import type { Upstream } from "../policy/policy.ts";

/** A request as it goes to an upstream. */
export interface UpstreamRequest {
  /** Canonical path, the one that was matched. */
  readonly path: string;
  /** The caller's URL: its query, and for a service binding its origin. */
  readonly url: URL;
  readonly headers: Headers;
  /** The caller's request: its method and body. */
  readonly received: Request;
}

/**
 * Sends a request to an upstream and waits for the headers of its answer. Bodies stream both ways. Redirects are
 * answers like any other, and no shared cache is asked: authorization may have been removed, so a cached body could
 * be another caller's. When the caller goes away the runtime cancels the request by itself.
 *
 * @returns the answer, or `upstream-timeout` / `upstream-unreachable`
 */
export async function forward(
  upstream: Upstream,
  { path, url, headers, received }: UpstreamRequest,
  env: Env,
  fetchUpstream: typeof fetch,
): Promise<Response | Denial> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(TIMED_OUT), upstream.timeoutMs);
  // The path is appended to a fixed origin, never resolved against it: `//host` would choose the host.
  const origin = upstream.kind === "url" ? upstream.origin + upstream.pathPrefix : url.origin;
  const target = origin + path + url.search;
  const init: RequestInit = { headers, redirect: "manual", signal: abort.signal };
  if (upstream.kind === "url") init.cache = "no-store";
  try {
    let request: Request | string = target;
    // Only a request with a body is copied, since a body set by itself would be refused with GET; the others are spared
    // the cost.
    if (received.body === null) init.method = received.method;
    else request = new Request(target, received);
    const response =
      upstream.kind === "url"
        ? await fetchUpstream(request, init)
        : await serviceBinding(env, upstream.binding).fetch(request, init);
    if (isAnswer(response)) return response;
    await response.body?.cancel();
    return new Denial("upstream-unreachable", `answered with status ${response.status}`);
  } catch (error) {
    if (abort.signal.reason === TIMED_OUT) {
      return new Denial("upstream-timeout", `no headers within ${upstream.timeoutMs} ms`);
    }
    return new Denial("upstream-unreachable", error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
  }
}

/** Whether it is a final answer (RFC 9110 15) or the upgrade that was asked for: nothing else can be passed on. */
function isAnswer({ status, webSocket }: Response): boolean {
  return (status >= 200 && status < 600) || webSocket !== null;
}

const TIMED_OUT = new Error("upstream timed out");

function serviceBinding(env: Env, name: string): Fetcher {
  const binding = env[name];
  if (typeof binding !== "object" || binding === null || !("fetch" in binding)) {
    throw new Error(`service binding ${name} is not configured`);
  }
  return binding as Fetcher;
}
