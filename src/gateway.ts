import { createChallenge } from "./answer/challenge.ts";
import { isPreflight, preflightMethod, preflightResponse } from "./answer/cors.ts";
import { Denial } from "./answer/denial.ts";
import { entryOf } from "./answer/reasons.ts";
import { refusalBy } from "./answer/refusal-by.ts";
import type { AssertCaller } from "./assertion/create-assertions.ts";
import { Exchange, type ExchangeContext } from "./exchange.ts";
import { TXN_TOKEN } from "./http/header-names.ts";
import { isHost } from "./http/host.ts";
import { finalRecipientResponse, forwardsLeft } from "./http/max-forwards.ts";
import type { WaitUntil } from "./keys/key-io.ts";
import { MAX_PATH_BYTES } from "./limits.ts";
import type { OpenMessage } from "./mcp/guarded-message.ts";
import { authorize } from "./policy/authorize.ts";
import type { Requirement, Route, ServedPolicy } from "./policy/policy.ts";
import { canonicalPath, hasEncodedSlash, hasPathParameters } from "./policy/routing/canonical-path.ts";
import { matchOnHost } from "./policy/routing/match-on-host.ts";
import { isReservedPath } from "./policy/routing/reserved-paths.ts";
import { rewritePath } from "./policy/routing/rewrite-path.ts";
import { routeFor } from "./policy/routing/route-table.ts";
import { requestHost, whyNotServed } from "./policy/routing/served-hosts.ts";
import type { RateLimiting } from "./rate-limits/create-rate-limits.ts";
import { logCutOff } from "./telemetry/log.ts";
import type { Admission } from "./token/admit.ts";
import type { Authenticate } from "./token/authenticate.ts";
import type { ProofAnswers } from "./token/binding/dpop/proof-answers.ts";
import { holderAt } from "./token/met-conditions.ts";
import type { WithAuthentication } from "./token/step-up/with-authentication.ts";
import { createAddressMaps, hasAddresses } from "./upstream/answer/map-addresses.ts";
import { createClaimHeaders } from "./upstream/claim-headers.ts";
import { toClientResponse } from "./upstream/client-response.ts";
import type { FetcherOf } from "./upstream/fetcher-of.ts";
import { forward } from "./upstream/forward.ts";
import type { SetOwnHeaders } from "./upstream/own-headers.ts";
import { createHeaderFilters, isWebSocketUpgrade, upstreamRequestHeaders } from "./upstream/request-headers.ts";

/** The parts that a gateway needs. Everything outside the policy is passed in. */
export interface GatewayParts extends Omit<ExchangeContext, "policy" | "challenge" | "finish"> {
  readonly policy: ServedPolicy;
  readonly authenticate: Authenticate;
  /** Left out: no route asks how or when its callers authenticated. One that asks after all refuses everyone. */
  readonly withAuthentication?: WithAuthentication;
  /** Whether a route only reports, now. Left out: no route does. */
  readonly reports?: ((route: Route) => boolean) | undefined;
  /** Left out: no route guards a server of MCP. One that does after all refuses everyone. */
  readonly openMessage?: OpenMessage | undefined;
  /** Answers a request to one of the gateway's own endpoints, by its canonical path, to the end of the exchange. */
  readonly serveEndpoint: (exchange: Exchange, path: string, waitUntil: WaitUntil) => Response | Promise<Response>;
  readonly fetcherOf: FetcherOf;
  /** Left out: no upstream has `headers`. A request to one that has them after all fails. */
  readonly setOwnHeaders?: SetOwnHeaders | undefined;
  /** Left out: the policy accepts no proofs. */
  readonly proofAnswers?: ProofAnswers | undefined;
  /** Left out: requests are not counted. */
  readonly rateLimits?: RateLimiting | undefined;
  /** Left out: no upstream of the policy gets assertions. */
  readonly assertCaller?: AssertCaller | undefined;
  /** Cuts off an answer whose body pauses. Passed in, because it needs streams that only workerd has. */
  readonly limitPauses: (response: Response, idleTimeoutMs: number, onPause: () => void) => Response;
}

/** Makes the function that takes one request from its arrival to its answer. It never rejects. */
export function createGateway(parts: GatewayParts): (request: Request, waitUntil: WaitUntil) => Promise<Response> {
  const { policy, authenticate, proofAnswers, withAuthentication, serveEndpoint, fetcherOf } = parts;
  const { setOwnHeaders, assertCaller, reports, rateLimits, openMessage } = parts;
  const { limitPauses, now } = parts;
  const filterOf = createHeaderFilters(policy);
  const bearer = createChallenge(policy);
  const context: ExchangeContext = {
    ...parts,
    challenge: proofAnswers?.challenge(bearer) ?? bearer,
    finish: proofAnswers?.finish,
  };
  const claimHeadersOf = createClaimHeaders(policy.claimHeaders);
  const addressMapOf = createAddressMaps(policy);
  const keepsEncodedSlash = policy.upstreams.values().some(({ allowEncodedSlash }) => allowEncodedSlash);

  const holderOf = (path: string, requirement: Requirement, token: Admission | undefined) => {
    const holder = token && holderAt(path, requirement, token);
    return withAuthentication && token && holder ? withAuthentication(holder, requirement, token) : holder;
  };

  const serve = async (exchange: Exchange, waitUntil: WaitUntil): Promise<Response> => {
    const { request, method, headers: incoming } = exchange;

    // 1 Canonicalize: from here on nothing looks at another spelling of host and path.
    // A path inside `Host` would become part of the URL's path: only Cloudflare's edge refuses such a header.
    const host = incoming.get("host");
    if (host !== null && !isHost(host)) {
      return exchange.refuse(new Denial("path-ambiguous", "The Host header is not a host name with an optional port."));
    }
    const canonical = canonicalPath(exchange.url.pathname, keepsEncodedSlash);
    if (!canonical.ok) return exchange.refuse(new Denial(canonical.failure.reason, canonical.failure.detail));
    const wrongHost = policy.hosts && whyNotServed(policy.hosts, host, exchange.url.hostname);
    if (wrongHost !== undefined) return exchange.refuse(new Denial("host-unknown", wrongHost));
    const path = canonical.value;
    const hasSlash = keepsEncodedSlash && hasEncodedSlash(path);
    if (hasSlash && isReservedPath(path)) {
      return exchange.refuse(new Denial("path-ambiguous", "The gateway's own paths have no encoded slash."));
    }
    exchange.path = path;
    if (isReservedPath(path)) return serveEndpoint(exchange, path, waitUntil);

    // 2 Match: the path decides first, then the method.
    const group =
      policy.byHost === undefined
        ? policy.table.match(path)
        : matchOnHost(policy, requestHost(host, exchange.url.hostname), path);
    const preflight = policy.cors !== undefined && isPreflight(request);
    const route = group && routeFor(group, preflight ? preflightMethod(request) : method);
    if (hasPathParameters(path) && !route?.upstream.allowPathParameters) {
      return exchange.refuse(takesNo("path parameters (`;`)"));
    }
    if (hasSlash && !route?.upstream.allowEncodedSlash) return exchange.refuse(takesNo("encoded slash (`%2F`)"));
    if (group === undefined) return exchange.refuse(new Denial("route-unknown"));
    exchange.pattern = group.shape;
    const isDropped = filterOf(route?.upstream);
    if (preflight) return exchange.answerPreflight(preflightResponse(request, group.allow, policy.cors, isDropped));
    if (route === undefined) return exchange.refuse(new Denial("method-not-allowed"), { allow: group.allow });
    exchange.route = route;
    exchange.pattern = route.path;
    // Throws if the module is absent: nobody gets through then.
    const message = route.mcp && (openMessage as OpenMessage)(exchange, route.mcp);
    exchange.message = message;

    // 3 Authenticate: on a public route credentials are not even read. On an optional one a header that is there must
    // hold a valid token, even an empty header: a caller with an expired token must notice.
    let { requirement } = route;
    const { upstream } = route;
    const byAddress = rateLimits?.byAddress(route, incoming);
    const overAddress = byAddress && (await byAddress);
    // An address beyond its limit must cost no check of a signature.
    if (overAddress !== undefined && !reports?.(route)) return exchange.refuse(overAddress);
    let refusal: Denial | undefined;
    const credentials = requirement.kind === "public" ? null : incoming.get("authorization");
    if (requirement.kind !== "public" && (requirement.kind !== "optional" || credentials !== null)) {
      // Awaited only if there is something to wait for: a remembered token is there at once.
      const pending = authenticate(credentials, exchange, waitUntil);
      const authentication = pending instanceof Promise ? await pending : pending;
      if (authentication instanceof Denial) refusal = authentication;
      else exchange.authentication = authentication;
    }
    let token = exchange.authentication?.token;

    // An MCP route decides on the message, which is read only for callers with a valid token.
    if (message && (refusal === undefined || reports?.(route))) {
      const judged = await message.read(route);
      if (judged instanceof Denial) return exchange.refuse(judged, message.refusalHeaders);
      exchange.route = judged;
      requirement = judged.requirement;
    }

    // 4 Authorize
    const holder = holderOf(path, requirement, token);
    refusal ??= refusalBy(authorize(requirement, holder)) ?? message?.unlisted;
    const byToken = (overAddress ?? refusal) ? undefined : rateLimits?.byToken(route, token);
    if (byToken) refusal = await byToken;
    // The one place for what stages 3 and 4 refuse: the first refusal counts. A route that only reports lets it go on.
    const denial = overAddress ?? refusal;
    if (denial !== undefined) {
      if (!reports?.(route)) return exchange.refuse(denial, {}, holder?.effective);
      exchange.wouldDeny = denial;
      // A token that the route does not accept vouches for nobody.
      if (refusal && entryOf(refusal).challenge === "invalid_token") token = undefined;
    }

    // 5 Prepare
    const sentPath = route.rewriting === undefined ? path : rewritePath(route.rewriting, path);
    if (sentPath.length > MAX_PATH_BYTES) {
      return exchange.refuse(new Denial("path-too-long", "The path for the upstream is too long."));
    }
    // RFC 9110 7.6.2: an OPTIONS that must not be forwarded is answered here.
    const maxForwards = forwardsLeft(exchange);
    if (maxForwards === 0) return exchange.answer(finalRecipientResponse(group.allow));
    const headers = upstreamRequestHeaders(incoming, isDropped, {
      ...exchange.identity,
      url: exchange.url,
      upgrade: isWebSocketUpgrade(exchange),
      maxForwards,
      // The upstream must not get a token that nobody verified, such as on a public route.
      forwardAuthorization: upstream.forwardAuthorization && token !== undefined,
      claims: token === undefined ? [] : claimHeadersOf(token),
    });
    if (upstream.headers.length > 0) {
      const pending = (setOwnHeaders as SetOwnHeaders)(headers, upstream);
      const unsendable = pending instanceof Promise ? await pending : pending;
      if (unsendable !== undefined) return exchange.refuse(unsendable);
    }
    // An assertion says that the gateway permits the call, so one that is only reported has none.
    if (upstream.assertion && token !== undefined && denial === undefined) {
      const call = {
        method,
        route,
        requestId: exchange.identity.requestId,
        path: sentPath,
        query: exchange.url.search,
      };
      const pending = assertCaller?.(token, call) ?? new Denial("policy-invalid", "There is no key for assertions.");
      const assertion = pending instanceof Promise ? await pending : pending;
      if (assertion instanceof Denial) return exchange.refuse(assertion);
      headers.set(TXN_TOKEN, assertion);
    }

    // 6 Forward
    const { url, origin: gatewayOrigin } = exchange;
    const prepared = {
      path: sentPath,
      query: url.search,
      gatewayOrigin,
      headers,
      incoming: message?.forward(headers) ?? request,
    };
    const sentAt = now();
    const answer = await forward(upstream, prepared, fetcherOf(upstream), exchange);
    exchange.upstreamMs = now() - sentAt;
    if (answer instanceof Denial) return exchange.refuse(answer);
    exchange.upstreamStatus = answer.status;
    const isProtected = token !== undefined || denial !== undefined;
    const isOptional = requirement.kind === "optional";
    let response = toClientResponse(answer, { isProtected, isOptional, originWide: upstream.originWide });
    if (hasAddresses(response.headers)) {
      const answered = { route, path, sentPath, gatewayOrigin, url };
      exchange.locationUnmapped = addressMapOf(upstream)?.(response.headers, answered) ?? false;
    }
    const { idleTimeoutMs } = upstream;
    if (idleTimeoutMs !== undefined) {
      const onPause = () => logCutOff(exchange.identity.requestId, upstream.name, idleTimeoutMs);
      response = limitPauses(response, idleTimeoutMs, onPause);
    }
    const filtered = message?.filterList(response, (it) => refusalBy(authorize(it, holderOf(path, it, token))));
    return exchange.answer(filtered ?? response);
  };

  return async (request, waitUntil) => {
    const exchange = new Exchange(request, context);
    try {
      return await serve(exchange, waitUntil);
    } catch (error) {
      return exchange.fail(error);
    }
  };
}

/** The refusal of a path that only some upstreams may get, on a route to another or on none. */
function takesNo(what: string): Denial {
  return new Denial("path-ambiguous", `The upstream takes no ${what}.`);
}
