import { Denial } from "../answer/denial.ts";
import type { AssertCaller } from "../assertion/create-assertions.ts";
import type { Exchange } from "../exchange.ts";
import { TXN_TOKEN } from "../http/header-names.ts";
import { finalRecipientResponse, forwardsLeft } from "../http/max-forwards.ts";
import { traceOf } from "../http/trace-context.ts";
import { MAX_PATH_BYTES } from "../limits.ts";
import type { Route, ServedPolicy } from "../policy/policy.ts";
import { rewritePath } from "../policy/routing/rewrite-path.ts";
import type { Admission } from "../token/admit.ts";
import { createClaimHeaders } from "../upstream/claim-headers.ts";
import type { SetOwnHeaders } from "../upstream/own-headers.ts";
import { isWebSocketUpgrade, upstreamRequestHeaders } from "../upstream/request-headers.ts";
import type { Match } from "./match.ts";

/** What goes to the upstream, apart from the body. */
export interface Prepared {
  readonly sentPath: string;
  readonly headers: Headers;
}

/**
 * Stage 5: the request for the upstream. Returns the answer if the request ends here.
 *
 * @param token whose claims go along; `undefined`: no token that the route accepts was verified
 */
export type Prepare = (
  exchange: Exchange,
  match: Match,
  path: string,
  token: Admission | undefined,
) => Prepared | Response | Promise<Prepared | Response>;

/** What stage 5 needs besides the policy. */
export interface PrepareParts {
  /** Left out: no upstream has `headers`. A request to one that has them after all fails. */
  readonly setOwnHeaders?: SetOwnHeaders | undefined;
  /** Left out: no upstream of the policy gets assertions. */
  readonly assertCaller?: AssertCaller | undefined;
}

/** Makes stage 5: what callers must not send goes, and what the gateway says of the caller comes in. */
export function createPrepare(
  { claimHeaders }: Pick<ServedPolicy, "claimHeaders">,
  { setOwnHeaders, assertCaller }: PrepareParts,
): Prepare {
  const claimHeadersOf = createClaimHeaders(claimHeaders);

  /** Sets the headers that may take time: an upstream may want secrets, or an assertion that must be signed. */
  const addCredentials = async (
    exchange: Exchange,
    route: Route,
    prepared: Prepared,
    token: Admission | undefined,
  ): Promise<Prepared | Response> => {
    const { upstream } = route;
    const { headers } = prepared;
    if (upstream.headers.length > 0) {
      const pending = (setOwnHeaders as SetOwnHeaders)(headers, upstream);
      const unsendable = pending instanceof Promise ? await pending : pending;
      if (unsendable !== undefined) return exchange.refuse(unsendable);
    }
    // An assertion says that the gateway permits the call, so one that is only reported has none.
    if (upstream.assertion && token !== undefined && exchange.wouldDeny === undefined) {
      const { method, identity, url } = exchange;
      const call = { method, route, requestId: identity.requestId, path: prepared.sentPath, query: url.search };
      const pending = assertCaller?.(token, call) ?? new Denial("policy-invalid", "There is no key for assertions.");
      const assertion = pending instanceof Promise ? await pending : pending;
      if (assertion instanceof Denial) return exchange.refuse(assertion);
      headers.set(TXN_TOKEN, assertion);
    }
    return prepared;
  };

  return (exchange, { route, group, isDropped }, path, token) => {
    const { upstream } = route;
    const sentPath = route.rewriting === undefined ? path : rewritePath(route.rewriting, path);
    if (sentPath.length > MAX_PATH_BYTES) {
      return exchange.refuse(new Denial("path-too-long", "The path for the upstream is too long."));
    }
    // RFC 9110 7.6.2: an OPTIONS that must not be forwarded is answered here.
    const maxForwards = forwardsLeft(exchange);
    if (maxForwards === 0) return exchange.answer(finalRecipientResponse(group.allow));
    const { traceparent, tracestate } = traceOf(exchange.headers, exchange.identity);
    const headers = upstreamRequestHeaders(exchange.headers, isDropped, {
      requestId: exchange.identity.requestId,
      traceparent,
      tracestate,
      url: exchange.url,
      upgrade: isWebSocketUpgrade(exchange),
      maxForwards,
      // The upstream must not get a token that nobody verified, such as on a public route.
      forwardAuthorization: upstream.forwardAuthorization && token !== undefined,
      claims: token === undefined ? [] : claimHeadersOf(token),
    });
    const prepared = { sentPath, headers };
    // On most routes there is nothing to wait for, and a promise would cost each request something.
    if (upstream.headers.length === 0 && !upstream.assertion) return prepared;
    return addCredentials(exchange, route, prepared, token);
  };
}
