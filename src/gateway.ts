import { createChallenge } from "./answer/challenge.ts";
import { Denial } from "./answer/denial.ts";
import { entryOf } from "./answer/reasons.ts";
import { refusalBy } from "./answer/refusal-by.ts";
import { Exchange, type ExchangeContext } from "./exchange.ts";
import type { WaitUntil } from "./keys/key-io.ts";
import type { OpenMessage } from "./mcp/guarded-message.ts";
import { authorize } from "./policy/authorize.ts";
import type { Requirement, Route, ServedPolicy } from "./policy/policy.ts";
import { isReservedPath } from "./policy/routing/reserved-paths.ts";
import type { RateLimiting } from "./rate-limits/create-rate-limits.ts";
import { createCanonicalize } from "./stages/canonicalize.ts";
import { createMatchRoute } from "./stages/match.ts";
import { createPassOn, type LimitPauses } from "./stages/pass-on.ts";
import { createPrepare, type PrepareParts } from "./stages/prepare.ts";
import type { Admission } from "./token/admit.ts";
import type { Authenticate } from "./token/authenticate.ts";
import type { ProofAnswers } from "./token/binding/dpop/proof-answers.ts";
import { holderAt } from "./token/met-conditions.ts";
import type { WithAuthentication } from "./token/step-up/with-authentication.ts";
import type { FetcherOf } from "./upstream/fetcher-of.ts";
import { forward } from "./upstream/forward.ts";

/** The parts that a gateway needs. Everything outside the policy is passed in. */
export interface GatewayParts extends Omit<ExchangeContext, "policy" | "challenge" | "finish">, PrepareParts {
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
  /** Left out: the policy accepts no proofs. */
  readonly proofAnswers?: ProofAnswers | undefined;
  /** Left out: requests are not counted. */
  readonly rateLimits?: RateLimiting | undefined;
  readonly limitPauses: LimitPauses;
}

/** Makes the function that takes one request from its arrival to its answer. It never rejects. */
export function createGateway(parts: GatewayParts): (request: Request, waitUntil: WaitUntil) => Promise<Response> {
  const { policy, authenticate, proofAnswers, withAuthentication, serveEndpoint, fetcherOf } = parts;
  const { reports, rateLimits, openMessage, now } = parts;
  const bearer = createChallenge(policy);
  const context: ExchangeContext = {
    ...parts,
    challenge: proofAnswers?.challenge(bearer) ?? bearer,
    finish: proofAnswers?.finish,
  };
  const canonicalize = createCanonicalize(policy);
  const matchRoute = createMatchRoute(policy);
  const prepare = createPrepare(policy, parts);
  const passOn = createPassOn(policy, parts.limitPauses);

  const holderOf = (path: string, requirement: Requirement, token: Admission | undefined) => {
    const holder = token && holderAt(path, requirement, token);
    return withAuthentication && token && holder ? withAuthentication(holder, requirement, token) : holder;
  };

  const serve = async (exchange: Exchange, waitUntil: WaitUntil): Promise<Response> => {
    const { request, headers: incoming } = exchange;

    // 1 Canonicalize: from here on nothing looks at another spelling of host and path.
    const path = canonicalize(exchange);
    if (path instanceof Denial) return exchange.refuse(path);
    exchange.path = path;
    if (isReservedPath(path)) return serveEndpoint(exchange, path, waitUntil);

    // 2 Match: the path decides first, then the method.
    const match = matchRoute(exchange, path);
    if (match instanceof Response) return match;
    const { route } = match;
    const { upstream } = route;
    // Throws if the module is absent: nobody gets through then.
    const message = route.mcp && (openMessage as OpenMessage)(exchange, route.mcp);
    exchange.message = message;

    // 3 Authenticate: on a public route credentials are not even read. On an optional one a header that is there must
    // hold a valid token, even an empty header: a caller with an expired token must notice.
    let { requirement } = route;
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

    // An MCP route decides on the message. A caller who is refused already cannot make the gateway read it.
    if (message && (refusal === undefined || reports?.(route))) {
      const judged = await message.read(route, reports?.(route));
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

    // 5 Prepare: what callers must not send goes, and what the gateway says of the caller comes in.
    const prepared = await prepare(exchange, match, path, token);
    if (prepared instanceof Response) return prepared;
    const { sentPath, headers } = prepared;

    // 6 Forward: bodies stream both ways.
    const { url, origin: gatewayOrigin } = exchange;
    const sent = { path: sentPath, query: url.search, gatewayOrigin, headers };
    const sentAt = now();
    const incomingRequest = message?.forward(headers) ?? request;
    const answer = await forward(upstream, { ...sent, incoming: incomingRequest }, fetcherOf(upstream), exchange);
    exchange.upstreamMs = now() - sentAt;
    if (answer instanceof Denial) return exchange.refuse(answer);
    exchange.upstreamStatus = answer.status;
    const response = passOn(exchange, answer, { route, path, sentPath, isProtected: token !== undefined });
    const filtered = message?.filterList(response, (it) => refusalBy(authorize(it, holderOf(path, it, token))));
    return exchange.answer(filtered ?? response);
  };

  return (request, waitUntil) => {
    const exchange = new Exchange(request, context);
    return serve(exchange, waitUntil).catch((error) => exchange.fail(error));
  };
}
