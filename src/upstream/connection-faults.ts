import type { Upstream } from "../policy/policy.ts";
import type { UpstreamResponse } from "./fetcher-of.ts";

/**
 * Whether a `fetch` failed because its connection could not be made, or was closed before the headers of an answer were
 * complete. The runtime marks such an error as `retryable`. It does not say how many bytes of the headers had arrived,
 * and it marks an answer that is not HTTP in the same way. A name that does not resolve, a failed TLS handshake and an
 * exception of a bound Worker are not marked.
 */
export function failedBeforeAnswer(error: unknown): boolean {
  return (
    error instanceof Error && Reflect.get(error, "retryable") === true && Reflect.get(error, "overloaded") !== true
  );
}

/**
 * Statuses with which Cloudflare answers for an origin: 520 it closed the connection without an answer, 521 it refused
 * the connection, 522 the connection took too long, 523 there is no way to it.
 */
const OF_CLOUDFLARE: ReadonlySet<number> = new Set([520, 521, 522, 523]);

/**
 * Whether an answer says that there was none: where a `fetch` leads to an origin over Cloudflare's network, a failed
 * connection is an answer, not an error. The same status from an upstream itself, whose answers name no such server, is
 * an answer like any other.
 */
export function isCloudflaresOwnAnswer({ status, headers }: UpstreamResponse): boolean {
  return OF_CLOUDFLARE.has(status) && headers.get("server")?.toLowerCase() === "cloudflare";
}

/**
 * Why a request was not answered, as a sentence for the log. An exception of a bound Worker keeps its text on the way
 * here, and that text may quote a header in any form. So it is left out where the gateway sent a secret or a token.
 */
export function describeFailure(error: unknown, upstream: Upstream): string {
  const binding = upstream.kind === "url" ? upstream.via : upstream.binding;
  if (binding !== undefined && isFromElsewhere(error) && getsCredentials(upstream)) {
    const lost = failedBeforeAnswer(error) ? " The connection failed before there was an answer." : "";
    return `The request through ${binding} failed. What the other end says of it may repeat a secret.${lost}`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** The runtime marks what was thrown outside this Worker as `remote`. */
function isFromElsewhere(error: unknown): boolean {
  return !(error instanceof Error) || Reflect.get(error, "remote") === true;
}

function getsCredentials({ headers, forwardAuthorization, assertion }: Upstream): boolean {
  return forwardAuthorization || assertion === true || headers.some(({ value }) => value.kind === "secret");
}
