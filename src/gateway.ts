import { createChallenge } from "./answer/challenge.ts";
import { isPreflight, preflightMethod, preflightResponse } from "./answer/cors.ts";
import { Denial } from "./answer/denial.ts";
import type { Env } from "./env.ts";
import { Exchange, type ExchangeContext } from "./exchange.ts";
import { finalRecipientResponse, forwardsLeft } from "./http/max-forwards.ts";
import { meets } from "./policy/authorize.ts";
import { canonicalPath, hasPathParameters } from "./policy/routing/canonical-path.ts";
import { isReservedPath } from "./policy/routing/reserved-paths.ts";
import { routeFor } from "./policy/routing/route-table.ts";
import type { Authenticate } from "./token/authenticate.ts";
import { createClaimHeaders } from "./upstream/claim-headers.ts";
import { toClientResponse } from "./upstream/client-response.ts";
import { forward } from "./upstream/forward.ts";
import { createHeaderFilter, isWebSocketUpgrade, upstreamRequestHeaders } from "./upstream/request-headers.ts";

/** What the gateway is made of. Everything outside the policy is passed in. */
export interface GatewayParts extends Omit<ExchangeContext, "challenge"> {
  readonly authenticate: Authenticate;
  /** Serves the gateway's own endpoints, to the end of the exchange; gets canonical paths only. */
  readonly serveReserved: (exchange: Exchange, path: string, ctx: ExecutionContext) => Response | Promise<Response>;
  readonly fetch: typeof fetch;
}

/** Makes the function that takes one request from its arrival to its answer. */
export function createGateway(
  parts: GatewayParts,
): (request: Request, env: Env, ctx: ExecutionContext) => Promise<Response> {
  const { policy, authenticate, serveReserved } = parts;
  const isDropped = createHeaderFilter(policy);
  const context: ExchangeContext = { ...parts, challenge: createChallenge(policy) };
  const claimHeadersOf = createClaimHeaders(policy.claimHeaders);

  const serve = async (exchange: Exchange, env: Env, ctx: ExecutionContext): Promise<Response> => {
    const { request, method, headers: received } = exchange;

    // 1 Canonicalize: from here on nothing looks at another spelling of the path.
    const canonical = canonicalPath(exchange.url.pathname);
    if (!canonical.ok) return exchange.refuse(new Denial(canonical.failure.reason, canonical.failure.detail));
    const path = canonical.value;
    exchange.path = path;
    if (isReservedPath(path)) return serveReserved(exchange, path, ctx);

    // 2 Match: the path decides first, then the method.
    const leaf = policy.table.match(path);
    const preflight = policy.cors !== undefined && isPreflight(request);
    const route = leaf && routeFor(leaf, preflight ? preflightMethod(request) : method);
    if (hasPathParameters(path) && !route?.upstream.allowPathParameters) {
      return exchange.refuse(new Denial("path-ambiguous", "path parameters"));
    }
    if (leaf === undefined) return exchange.refuse(new Denial("route-unknown"));
    exchange.pattern = leaf.shape;
    if (preflight) return exchange.answer(preflightResponse(request, leaf.allow, policy.cors, isDropped));
    if (route === undefined) return exchange.refuse(new Denial("method-not-allowed"), { allow: leaf.allow });
    exchange.route = route;
    exchange.pattern = route.path;

    // 3 Authenticate: on a public route credentials are not even read.
    const { requirement, upstream } = route;
    if (requirement.kind !== "public") {
      // Awaited only where there is something to wait for: a token that is remembered is there at once.
      const pending = authenticate(received.get("authorization"), (work) => ctx.waitUntil(work));
      const authentication = pending instanceof Promise ? await pending : pending;
      if (authentication instanceof Denial) return exchange.refuse(authentication);
      exchange.authentication = authentication;

      // 4 Authorize
      const { effective } = authentication.token.granted;
      if (requirement.kind !== "authenticated" && !meets(requirement.expression, effective)) {
        return exchange.refuse(new Denial("scope-insufficient"));
      }
    }

    // 5 Prepare
    // RFC 9110 7.6.2: an OPTIONS that may go no further is answered here.
    const maxForwards = forwardsLeft(exchange);
    if (maxForwards === 0) return exchange.answer(finalRecipientResponse(leaf.allow));
    const token = exchange.authentication?.token;
    const headers = upstreamRequestHeaders(received, isDropped, {
      ...exchange.identity,
      url: exchange.url,
      upgrade: isWebSocketUpgrade(exchange),
      maxForwards,
      forwardAuthorization: upstream.forwardAuthorization,
      claims: token === undefined ? [] : claimHeadersOf(token),
    });

    // 6 Forward
    const answer = await forward(upstream, { path, url: exchange.url, headers, received: request }, env, parts.fetch);
    if (answer instanceof Denial) return exchange.refuse(answer);
    exchange.upstreamStatus = answer.status;
    return exchange.answer(toClientResponse(answer, token !== undefined));
  };

  return async (request, env, ctx) => {
    const exchange = new Exchange(request, context);
    try {
      return await serve(exchange, env, ctx);
    } catch (error) {
      return exchange.fail(error);
    }
  };
}
