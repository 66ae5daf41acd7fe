import { Denial } from "../answer/denial.ts";
import type { Upstream } from "../policy/policy.ts";
import { describeFailure, failedBeforeAnswer, isCloudflaresOwnAnswer } from "./connection-faults.ts";
import type { UpstreamFetch, UpstreamResponse } from "./fetcher-of.ts";

/** A request whose body was read. `null`: it goes without one. */
export interface ReadBody {
  readonly method: string;
  readonly body: Uint8Array | null;
}

/** A request as it goes to an upstream. */
export interface UpstreamRequest {
  /** The canonical path: the one that was matched, or what the route makes of it. May be empty. */
  readonly path: string;
  /** As it stands in the caller's URL, with its `?`. */
  readonly query: string;
  /** The gateway's own origin, for a service binding. Never that of a forwarded host. */
  readonly gatewayOrigin: string;
  readonly headers: Headers;
  /** The caller's request: its method and body. */
  readonly incoming: Request | ReadBody;
}

/** Where `forward` notes that it sent a request twice. */
export interface RetryRecord {
  retried: boolean;
}

/**
 * Sends a request to an upstream and waits for the headers of its answer. Bodies stream both ways. A redirect is an
 * answer like any other. No shared cache is asked for a GET or HEAD: the request may go without its authorization, so a
 * cached body could be another caller's. Answers to other methods are not cached. When the caller goes away, the
 * runtime cancels the request by itself.
 *
 * With `retry`, a GET or HEAD without a body is sent once more if its connection failed before there was an answer,
 * within the same time limit. These methods are safe (RFC 9110 9.2.1), so it does no harm if the upstream did get the
 * first.
 *
 * @returns the answer, or `upstream-timeout` / `upstream-unreachable`
 */
export async function forward(
  upstream: Upstream,
  { path, query, gatewayOrigin, headers, incoming }: UpstreamRequest,
  fetch: UpstreamFetch,
  record: RetryRecord,
): Promise<UpstreamResponse | Denial> {
  // Not an `AbortSignal`, which costs a twentieth of a request. The runtime ends what is still being sent once the
  // caller has the answer.
  const { promise: timeUp, resolve } = Promise.withResolvers<typeof TIMED_OUT>();
  const timer = setTimeout(resolve, upstream.timeoutMs, TIMED_OUT);
  // The path is appended to a fixed origin, never resolved against it: `//host` would choose the host.
  const origin = upstream.kind === "url" ? upstream.origin + upstream.pathPrefix : gatewayOrigin;
  const target = origin + path + query;
  const init: RequestInit = { headers, redirect: "manual" };
  if (upstream.kind === "url") {
    // The runtime then also sends `Cache-Control` and `Pragma`, which costs time and tells origins nothing on a write.
    if (isRead(incoming.method)) init.cache = "no-store";
    // The network replaces `Host` by the URL's host. A binding passes on the caller's, which is that of the gateway.
    if (upstream.via !== undefined) headers.set("host", upstream.origin.replace(/^https?:\/\//, ""));
  }
  try {
    let request: Request | string = target;
    // To copy a request costs time, so only one with a body is copied: a body in `init` would be refused with GET.
    if (incoming.body === null) init.method = incoming.method;
    else request = new Request(target, incoming as RequestInit);
    const response =
      upstream.retry && mayBeRepeated(incoming)
        ? await fetchTwice(() => Promise.race([fetch(target, init), timeUp]), record)
        : await Promise.race([fetch(request, init), timeUp]);
    if (response === TIMED_OUT) {
      const doubt = isStreamed(incoming) ? " The caller may not have sent its whole body by then." : "";
      return new Denial("upstream-timeout", `The upstream sent no headers within ${upstream.timeoutMs} ms.${doubt}`);
    }
    if (isAnswer(response)) return response;
    await response.body?.cancel();
    return new Denial("upstream-unreachable", `The upstream answered with status ${response.status}.`);
  } catch (error) {
    const doubt = isStreamed(incoming) && failedBeforeAnswer(error) ? " The caller may have broken off its body." : "";
    return new Denial("upstream-unreachable", describeFailure(error, upstream) + doubt);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Whether the caller may still be sending the body. The runtime reports a body that breaks off, or whose chunks are
 * malformed, like a failed connection to the upstream, and does not tell how much of a body has arrived.
 */
function isStreamed({ body }: Request | ReadBody): boolean {
  return body instanceof ReadableStream;
}

/** The methods whose answers Cloudflare's cache stores (RFC 9110 9.2.3), and that may be sent twice (9.2.1). */
function isRead(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

/** A GET or HEAD with a body may mean something else to its upstream, and its body could not be sent again. */
function mayBeRepeated({ method, body }: Request | ReadBody): boolean {
  return body === null && isRead(method);
}

type Outcome = UpstreamResponse | typeof TIMED_OUT;

async function fetchTwice(send: () => Promise<Outcome>, record: RetryRecord): Promise<Outcome> {
  try {
    const response = await send();
    if (response === TIMED_OUT || !isCloudflaresOwnAnswer(response)) return response;
    await response.body?.cancel();
  } catch (error) {
    if (!failedBeforeAnswer(error)) throw error;
  }
  record.retried = true;
  return await send();
}

/** Whether it is a final answer (RFC 9110 15) or an accepted upgrade: nothing else can be passed on. */
function isAnswer({ status, webSocket }: UpstreamResponse): boolean {
  return (status >= 200 && status < 600) || webSocket !== null;
}

/** Stands for an answer that did not come in time. */
const TIMED_OUT = Symbol("timed out");
