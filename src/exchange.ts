import type { Challenge } from "./answer/challenge.ts";
import { applyCors, isPreflight } from "./answer/cors.ts";
import { Denial } from "./answer/denial.ts";
import { problemResponse } from "./answer/problem.ts";
import { identifyRequest, type RequestIdentity } from "./http/trace-context.ts";
import type { Route, ServedPolicy } from "./policy/policy.ts";
import type { Decision } from "./telemetry/decision.ts";
import { type Log, logError, withoutTokens } from "./telemetry/log.ts";
import type { Authentication } from "./token/authenticate.ts";

/** What all exchanges of one Worker share. */
export interface ExchangeContext {
  readonly policy: ServedPolicy;
  readonly challenge: Challenge;
  readonly log: Log;
  /** Hears of each decision when it is made, after the log; `denial`: the request is refused. For dry runs. */
  readonly onDecision?: (exchange: Exchange, denial: Denial | undefined) => void;
  /** Of the deployed Worker, for the log. */
  readonly version: string | undefined;
}

/**
 * Stands for a request whose `Host` or target makes no URL, such as `OPTIONS *`. Its path starts with no slash, so it is
 * refused as ambiguous rather than thrown over.
 */
const NO_URL = new URL("about:invalid");

/**
 * One request and what was found out about it so far, stage by stage. It has two ways out, `answer` and `refuse`, and
 * `fail` for what must not happen; each writes the one line of the log.
 */
export class Exchange {
  readonly request: Request;
  readonly method: string;
  readonly headers: Headers;
  readonly url: URL;
  readonly identity: RequestIdentity;
  /** The canonical path, once there is one. */
  path: string | undefined;
  /** The pattern that matched. */
  pattern: string | undefined;
  route: Route | undefined;
  authentication: Authentication | undefined;
  upstreamStatus: number | undefined;
  readonly #context: ExchangeContext;

  constructor(request: Request, context: ExchangeContext) {
    this.request = request;
    this.method = request.method;
    this.headers = request.headers;
    this.url = URL.parse(request.url) ?? NO_URL;
    this.identity = identifyRequest(this.headers);
    this.#context = context;
  }

  /** The gateway's own origin: never taken from a forwarded host. */
  get origin(): string {
    return this.#context.policy.publicUrl ?? this.url.origin;
  }

  /** Lets a response go to the caller. */
  answer(response: Response): Response {
    response.headers.set("x-request-id", this.identity.requestId);
    return this.#finish(response, "allow");
  }

  /** Refuses the request with the answer that belongs to the denial. */
  refuse(denial: Denial, headers: Readonly<Record<string, string>> = {}): Response {
    const { challenge } = this.#context;
    const { route } = this;
    const required = route?.requirement.kind === "scopes" ? route.requirement.mentioned : [];
    const wwwAuthenticate = challenge(denial, route?.requirement, this.origin);
    const response = problemResponse(denial, {
      instance: this.identity.requestId,
      headers: wwwAuthenticate === undefined ? headers : { ...headers, "www-authenticate": wwwAuthenticate },
      ...(denial.reason === "scope-insufficient" && {
        scopes: { required, granted: this.authentication?.token.granted.names ?? [] },
      }),
    });
    return this.#finish(response, "deny", denial);
  }

  /** Answers for a bug: the caller learns nothing of it, the log everything but credentials. */
  fail(error: unknown): Response {
    logError(this.identity.requestId, error);
    return this.refuse(new Denial("internal-error", withoutTokens(String(error))));
  }

  #finish(response: Response, decision: "allow" | "deny", denial?: Denial): Response {
    const { policy, log, onDecision, version } = this.#context;
    // A preflight that was answered has its own, which this would replace.
    if (policy.cors !== undefined && !(decision === "allow" && isPreflight(this.request))) {
      applyCors(response.headers, this.headers.get("origin"), policy.cors);
    }
    const { route, authentication } = this;
    const token = authentication?.token;
    log({
      event: "decision",
      request_id: this.identity.requestId,
      method: this.method,
      route: this.pattern,
      decision,
      reason: denial?.reason,
      detail: denial?.detail,
      status: response.status,
      issuer: token?.issuer.issuer,
      client_id: token?.clientId,
      subject: token?.subject,
      required: route?.requirement.kind === "scopes" ? route.requirement.mentioned : undefined,
      granted: token?.granted.names,
      upstream: route?.upstream.name,
      upstream_status: this.upstreamStatus,
      key_source: authentication?.keySource,
      token_cache: authentication?.tokenCache,
      version,
    } satisfies Decision);
    onDecision?.(this, denial);
    return response;
  }
}
