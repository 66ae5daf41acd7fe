import { Denial } from "../answer/denial.ts";
import type { Exchange } from "../exchange.ts";
import { isHost } from "../http/host.ts";
import type { ServedPolicy } from "../policy/policy.ts";
import { canonicalPath, hasEncodedSlash } from "../policy/routing/canonical-path.ts";
import { isReservedPath } from "../policy/routing/reserved-paths.ts";
import { whyNotServed } from "../policy/routing/served-hosts.ts";

/** Stage 1: one spelling of host and path. From here on nothing looks at another. */
export type Canonicalize = (exchange: Exchange) => string | Denial;

/**
 * Makes stage 1.
 *
 * @returns the canonical path; `path-ambiguous`, `path-too-long` or `host-unknown`
 */
export function createCanonicalize({ hosts, upstreams }: Pick<ServedPolicy, "hosts" | "upstreams">): Canonicalize {
  const keepsEncodedSlash = upstreams.values().some(({ allowEncodedSlash }) => allowEncodedSlash);
  return ({ headers, url }) => {
    // A path inside `Host` would become part of the URL's path: only Cloudflare's edge refuses such a header.
    const host = headers.get("host");
    if (host !== null && !isHost(host)) {
      return new Denial("path-ambiguous", "The Host header is not a host name with an optional port.");
    }
    const canonical = canonicalPath(url.pathname, keepsEncodedSlash);
    if (!canonical.ok) return new Denial(canonical.failure.reason, canonical.failure.detail);
    const wrongHost = hosts && whyNotServed(hosts, host, url.hostname);
    if (wrongHost !== undefined) return new Denial("host-unknown", wrongHost);
    const path = canonical.value;
    if (keepsEncodedSlash && hasEncodedSlash(path) && isReservedPath(path)) {
      return new Denial("path-ambiguous", "The gateway's own paths have no encoded slash.");
    }
    return path;
  };
}
