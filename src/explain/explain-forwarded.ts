import type { AssertionClaims } from "../assertion/assertion-claims.ts";
import type { Policy, Route } from "../policy/policy.ts";
import type { Caller } from "./caller.ts";
import type { DryRun } from "./dry-run.ts";
import { ASSUMED_ORIGIN, type Forwarded } from "./explanation.ts";

/** What would reach the upstream, with a text for each value that only a real request has. */
export function explainForwarded(
  policy: Policy,
  { assertion }: Pick<DryRun, "assertion">,
  route: Route,
  request: Request,
  { kind }: Caller,
): Forwarded {
  const { upstream } = route;
  const headers = Object.fromEntries(request.headers);
  // Cloudflare writes it, and the gateway passes it on like the caller's own headers.
  delete headers["cf-connecting-ip"];
  // The runtime writes that of the upstream.
  delete headers["host"];
  headers["x-request-id"] = "(that of the caller, or a new one)";
  headers["traceparent"] = "(that of the caller, or a new one)";
  if (request.headers.get("x-forwarded-host") === new URL(ASSUMED_ORIGIN).host) {
    headers["x-forwarded-host"] = "(the gateway's host)";
  }
  for (const name of upstream.allowHeaderNames) headers[name] = "(that of the caller, if any)";
  if (kind === "assumed") {
    for (const { header, source } of policy.claimHeaders) {
      if (source.kind === "claim") headers[header] ??= `(${source.path.join("/")} of the token)`;
      else if (source.kind === "client") headers[header] ??= "(the client of the token)";
      else if (source.kind === "tenant") headers[header] ??= "(the tenant of the token)";
    }
  }
  const { pathname, search } = new URL(request.url);
  const target = upstream.kind === "url" ? request.url : `service binding ${upstream.binding}, ${pathname}${search}`;
  const to = upstream.kind === "url" && upstream.via !== undefined ? `${target} through ${upstream.via}` : target;
  const rewrittenBy = rewritingText(route);
  return {
    upstream: upstream.name,
    to,
    ...(rewrittenBy !== undefined && { rewrittenBy }),
    ...(assertion && { assertion: explainAssertion(policy, assertion, kind) }),
    headers,
  };
}

/** The claims of an assertion, with a text for each value that only a real request has. */
function explainAssertion(
  { assertion: settings }: Policy,
  claims: AssertionClaims,
  kind: Caller["kind"],
): Readonly<Record<string, unknown>> {
  const assumed = Object.fromEntries(
    (settings?.claims ?? []).map(({ name, claim }) => [name, `(${claim.join("/")} of the token)`]),
  );
  return {
    ...claims,
    iat: "(when it is signed)",
    exp: `(${settings?.ttlSeconds} seconds later)`,
    txn: settings?.bindsRequest ? "(the request id)" : "(a new id)",
    ...(claims.jti !== undefined && { jti: "(a new id)" }),
    tctx: kind === "assumed" ? { ...assumed, ...claims.tctx } : claims.tctx,
  };
}

function rewritingText({ upstreamPath, upstream: { stripPrefix } }: Route): string | undefined {
  if (upstreamPath !== undefined) return `upstreamPath ${upstreamPath}`;
  return stripPrefix === undefined ? undefined : `stripPrefix ${stripPrefix}`;
}
