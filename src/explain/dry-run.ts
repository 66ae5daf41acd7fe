import { Denial, type Reason } from "../answer/denial.ts";
import { type AssertionClaims, assertionClaims } from "../assertion/assertion-claims.ts";
import { boundRequest, type PermittedCall } from "../assertion/create-assertions.ts";
import type { Exchange } from "../exchange.ts";
import { createGateway, type GatewayParts } from "../gateway.ts";
import { openMessage } from "../mcp/guarded-message.ts";
import type { AssertionSettings, Policy, Requirement, Route } from "../policy/policy.ts";
import { matchOnHost } from "../policy/routing/match-on-host.ts";
import { routeFor } from "../policy/routing/route-table.ts";
import { requestHost } from "../policy/routing/served-hosts.ts";
import type { Admission } from "../token/admit.ts";
import type { Authenticate } from "../token/authenticate.ts";
import { createProofAnswers, type ProofAnswers } from "../token/binding/dpop/proof-answers.ts";
import { createWithAuthentication } from "../token/step-up/with-authentication.ts";
import type { UpstreamFetch, UpstreamResponse } from "../upstream/fetcher-of.ts";
import type { AskedRequest, Outcome } from "./explanation.ts";
import { messagePost } from "./message/asked-message.ts";

/** What the gateway does with a request, as the gateway itself tells it. */
export interface DryRun {
  /** What the gateway has found out, stage by stage. */
  readonly exchange: Exchange;
  readonly outcome: Outcome;
  /**
   * The route for the path and the method, if there is one. The gateway refuses path parameters before the exchange has
   * its route. For a preflight, it is the route for the method that the preflight asks about. An MCP route has
   * `requirement` as its own.
   */
  readonly route: Route | undefined;
  /**
   * What the route requires. Of an MCP route, what it requires of the message or stream, also if the gateway refuses
   * the caller before it reads the message. `undefined`: there is no route, or it refuses such requests to everyone.
   */
  readonly requirement: Requirement | undefined;
  /** Why the gateway refuses the request; `undefined` if it does not. */
  readonly denial: Denial | undefined;
  /** The answer to a refused request. For any other request it is empty, as there is no upstream. */
  readonly response: Response;
  /** Whether one of the gateway's own endpoints answers. */
  readonly isEndpoint: boolean;
  /** What the upstream would receive; `undefined` if the request does not reach it. */
  readonly forwarded: Request | undefined;
  /** The claims that would be signed for the upstream; `undefined`: none. `txn` and the times are made up. */
  readonly assertion: AssertionClaims | undefined;
}

/** They stand in headers for values that only a real request has. */
const CALLER_ADDRESS = "(the caller's address)";
const CALLER_TOKEN = "(the caller's token)";

/** Nothing is behind the gateway that could fail, so a denial for one of these reasons is a bug and no answer. */
const IMPOSSIBLE: ReadonlySet<Reason> = new Set(["internal-error", "upstream-unreachable", "upstream-timeout"]);

/**
 * Sends a request through the gateway itself, with nothing behind it. So the result is not a model of what the Worker
 * does: the same code decides. Only `authenticate` stands in for a part of it. Does not use the network. Throws what
 * `authenticate` throws, and an error if the gateway fails.
 *
 * @param policy each of its `report`s counts as in force: see `policyAt`
 * @param authenticate `undefined`: the request has no `Authorization` header
 * @param isAssumed whether the token is assumed, so that its subject is not known
 * @param nowMs epoch milliseconds: with it the age of an authentication is told; default: now
 */
export async function dryRun(
  policy: Policy,
  asked: AskedRequest,
  authenticate: Authenticate | undefined,
  isAssumed = true,
  nowMs = Date.now(),
): Promise<DryRun> {
  let decided: Pick<DryRun, "exchange" | "denial"> | undefined;
  let isEndpoint = false;
  let forwarded: Request | undefined;
  let assertion: AssertionClaims | undefined;
  let scheme: Scheme = "Bearer";
  let thrown: { readonly error: unknown } | undefined;
  const takeRequest: UpstreamFetch = async (request, { headers = {} }) => {
    // The method is left out: Node refuses some methods that the gateway forwards.
    forwarded = new Request(request instanceof Request ? request.url : request, { headers });
    return emptyResponse();
  };
  const serve = createGateway({
    policy,
    version: undefined,
    now: () => nowMs,
    reports: ({ report }) => report !== undefined,
    withAuthentication: createWithAuthentication(() => nowMs),
    log: () => {},
    onDecision: (exchange, denial) => {
      decided = { exchange, denial };
    },
    // The gateway would answer an error with a 500. An error here means that the question itself cannot be answered.
    authenticate: async (...request) => {
      if (authenticate === undefined) return new Denial("credentials-missing");
      try {
        const found = await authenticate(...request);
        if (!(found instanceof Denial) && found.token.confirmation?.method === "dpop") scheme = "DPoP";
        return found;
      } catch (error) {
        thrown = { error };
        return new Denial("keys-unavailable");
      }
    },
    proofAnswers: proofAnswersOf(policy, () => scheme),
    serveEndpoint: (exchange) => {
      isEndpoint = true;
      return exchange.answer(emptyResponse());
    },
    fetcherOf: () => takeRequest,
    setOwnHeaders: showOwnHeaders,
    openMessage,
    assertCaller: async (token, call) => {
      const claims =
        policy.assertion && (await claimsToShow(policy.assertion, isAssumed ? withSubject(token) : token, call));
      if (claims === undefined || claims instanceof Denial) return claims ?? new Denial("policy-invalid");
      assertion = claims;
      return SIGNED;
    },
    limitPauses: (response) => response,
  });
  const response = await serve(requestOf(asked, authenticate !== undefined), () => {});
  if (thrown !== undefined) throw thrown.error;
  if (decided === undefined) throw new Error("The gateway made no decision.");
  const { exchange, denial } = decided;
  if (denial && IMPOSSIBLE.has(denial.reason)) throw new Error(`The gateway failed: ${denial.detail}`);
  const { path } = exchange;
  const group = path === undefined || isEndpoint ? undefined : matchOnHost(policy, hostOf(exchange), path);
  const matched = group && routeFor(group, asked.preflight?.method ?? asked.method);
  const judged = matched && (await judgedRoute(matched, asked));
  return {
    exchange,
    denial,
    outcome: denial ? "refused" : forwarded ? "forwarded" : "answered",
    route: judged ?? matched,
    requirement: judged?.requirement,
    response,
    isEndpoint,
    forwarded,
    assertion,
  };
}

/** The route with what it requires of the request; `undefined`: it refuses such requests to everyone. */
async function judgedRoute(route: Route, asked: AskedRequest): Promise<Route | undefined> {
  if (route.mcp === undefined) return route;
  const request = requestOf(asked, false);
  const message = openMessage(
    { request, method: asked.preflight?.method ?? asked.method, headers: request.headers },
    route.mcp,
  );
  const judged = await message.read(route);
  return judged instanceof Denial || message.unlisted ? undefined : judged;
}

/** It stands for an assertion: nothing here has the key to sign one. */
const SIGNED = "(signed by the gateway, see the claims)";

function withSubject(token: Admission): Admission {
  return { ...token, subject: token.subject ?? "(sub of the token)" };
}

async function claimsToShow(settings: AssertionSettings, token: Admission, call: PermittedCall) {
  const { method, route, requestId } = call;
  const bound = settings.bindsRequest ? await boundRequest(call) : undefined;
  return assertionClaims(settings, token, { method, route, transaction: requestId, issuedAtSeconds: 0, bound });
}

type Scheme = "Bearer" | "DPoP";

/**
 * The challenges of a policy with DPoP. Nonces are left out, because nothing here has their secret.
 *
 * @param schemeOf how the caller would send the token: only the token tells, and it is read after the request is made
 */
function proofAnswersOf(policy: Policy, schemeOf: () => Scheme): ProofAnswers | undefined {
  if (policy.dpop === undefined) return undefined;
  const answers = createProofAnswers(policy, () => undefined);
  return {
    ...answers,
    challenge: (bearer) => {
      const challenge = answers.challenge(bearer);
      return (denial, route, origin, held) =>
        challenge(denial, route, origin, held, new Headers({ authorization: `${schemeOf()} ${CALLER_TOKEN}` }));
    },
  };
}

/** The name of a secret stands for its value, which nothing here knows. */
const showOwnHeaders: GatewayParts["setOwnHeaders"] = (headers, upstream) => {
  for (const { header, value } of upstream.headers) {
    headers.set(header, value.kind === "text" ? value.text : `(secret ${value.secret})`);
  }
  return undefined;
};

/** The host of a request, as policies list it. */
export function hostOf({ headers, url }: Exchange): string {
  return requestHost(headers.get("host"), url.hostname);
}

/** Sets the method afterwards, because Node refuses some methods and changes the case of others. */
function requestOf({ method, url, host, preflight, message }: AskedRequest, hasCredentials: boolean): Request {
  const post = message && messagePost(message);
  const request = new Request(url, {
    ...(post && { method: "POST", body: post.body }),
    headers: {
      ...(post && Object.fromEntries(post.headers)),
      "cf-connecting-ip": CALLER_ADDRESS,
      ...(hasCredentials && { authorization: `Bearer ${CALLER_TOKEN}` }),
      ...(host !== undefined && { host }),
      ...(preflight && { origin: preflight.origin, "access-control-request-method": preflight.method }),
    },
  });
  return Object.defineProperty(request, "method", { value: method });
}

/**
 * An answer with `webSocket`, which the gateway reads. Responses of Node have none; those of workerd have a fixed one.
 */
function emptyResponse(): UpstreamResponse {
  const response = new Response();
  return hasWebSocket(response) ? response : Object.assign(response, { webSocket: null });
}

function hasWebSocket(response: Response): response is UpstreamResponse {
  return "webSocket" in response;
}
