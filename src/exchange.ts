import type { Challenge } from "./answer/challenge.ts";
import { applyCors } from "./answer/cors.ts";
import { Denial } from "./answer/denial.ts";
import { problemResponse } from "./answer/problem.ts";
import { identifyRequest, type RequestIdentity } from "./http/trace-context.ts";
import { MAX_LOGGED_MESSAGE_LENGTH, MAX_LOGGED_RAY_LENGTH } from "./limits.ts";
import type { GuardedMessage } from "./mcp/guarded-message.ts";
import type { Held } from "./policy/authorize.ts";
import { tokenIss } from "./policy/issuers/tenants.ts";
import type { Route, ServedPolicy } from "./policy/policy.ts";
import { hostKey } from "./policy/routing/served-hosts.ts";
import type { Decision } from "./telemetry/decision.ts";
import type { DecisionLog } from "./telemetry/decision-log.ts";
import { isoTime } from "./telemetry/iso-time.ts";
import { logError } from "./telemetry/log.ts";
import { loggableUnverified } from "./telemetry/loggable.ts";
import { acceptedMembers, refusedMembers, type TokenMembers } from "./telemetry/token-members.ts";
import type { Authentication } from "./token/authenticate.ts";
import { audienceOf } from "./token/standard-claims.ts";

/** What all exchanges of one Worker share. */
export interface ExchangeContext {
  readonly policy: Partial<Pick<ServedPolicy, "publicUrl" | "cors" | "byHost">>;
  readonly challenge: Challenge;
  readonly log: DecisionLog;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Completes each answer before its decision is logged. */
  readonly finish?: ((exchange: Exchange, response: Response, denial: Denial | undefined) => void) | undefined;
  /**
   * Called with each decision, after it is logged, for shadows and dry runs. `denial` is set if the request is refused.
   * It must not throw.
   */
  readonly onDecision?: (exchange: Exchange, denial: Denial | undefined) => void;
  /** The deployed version, for the log. */
  readonly version: string | undefined;
}

/**
 * The URL of a request whose `Host` or target makes none, such as `OPTIONS *`. Its path starts with no slash, so
 * stage 1 refuses it as ambiguous.
 */
const NO_URL = new URL("about:invalid");

/** On plain workerd the target `*` follows the host: without this, it would become part of the host's name. */
function parseRequestUrl(text: string): URL {
  const url = URL.parse(text);
  return url === null || (text.endsWith("*") && url.hostname.endsWith("*")) ? NO_URL : url;
}

/**
 * One request and what the stages have found out about it so far. It ends in `answer`, `answerPreflight` or `refuse`,
 * or after a bug in `fail`; each writes the one line of the log.
 */
export class Exchange {
  readonly request: Request;
  readonly method: string;
  readonly headers: Headers;
  readonly url: URL;
  readonly identity: RequestIdentity;
  /** The canonical path, once there is one. */
  path: string | undefined;
  /** For the log: the pattern of the route, or the shape of a path that serves other methods only. */
  pattern: string | undefined;
  /** The route that matched. Of an MCP route, with what the message requires once it is read. */
  route: Route | undefined;
  /** On an MCP route: what the body says. */
  message: GuardedMessage | undefined;
  authentication: Authentication | undefined;
  /** What stage 3 or 4 refused on a route that only reports. The request went on all the same. */
  wouldDeny: Denial | undefined;
  upstreamStatus: number | undefined;
  /** How long the upstream took to send the headers of its answer, or to fail, in milliseconds. */
  upstreamMs: number | undefined;
  /** Whether the request was sent to its upstream twice. */
  retried = false;
  /** Whether an address in the upstream's answer had no way back to the gateway's addresses. */
  locationUnmapped = false;
  /** When it arrived, in epoch milliseconds. */
  readonly #arrivedAt: number;
  readonly #context: ExchangeContext;

  constructor(request: Request, context: ExchangeContext) {
    this.#arrivedAt = context.now();
    this.request = request;
    this.method = request.method;
    this.headers = request.headers;
    this.url = parseRequestUrl(request.url);
    this.identity = identifyRequest(this.headers);
    this.#context = context;
  }

  /**
   * The gateway's own origin: never taken from a forwarded host. Where routes name hosts, each host is a resource of
   * its own, so `publicUrl` stands for its own host only.
   */
  get origin(): string {
    const { publicUrl, byHost } = this.#context.policy;
    if (publicUrl === undefined) return this.url.origin;
    if (byHost === undefined || hostKey(new URL(publicUrl).hostname) === hostKey(this.url.hostname)) return publicUrl;
    return this.url.origin;
  }

  /** Answers with an upstream's response, or with one of the gateway's own. */
  answer(response: Response): Response {
    response.headers.set("x-request-id", this.identity.requestId);
    this.#applyCors(response);
    return this.#conclude(response, undefined);
  }

  /** Answers a preflight. The response brings CORS headers of its own, which those of `answer` would replace. */
  answerPreflight(response: Response): Response {
    response.headers.set("x-request-id", this.identity.requestId);
    return this.#conclude(response, undefined);
  }

  /**
   * Refuses the request with the problem document and the challenge that belong to the denial.
   *
   * @param held for `scope-insufficient`: what the caller holds, as `authorize` took it
   */
  refuse(denial: Denial, headers: Readonly<Record<string, string>> = {}, held?: Held): Response {
    const { route } = this;
    const required = route?.requirement.kind === "scopes" ? route.requirement.mentioned : [];
    const response = problemResponse(denial, {
      instance: this.identity.requestId,
      challenge: this.#context.challenge(denial, route, this.origin, held, this.headers),
      headers,
      ...(denial.reason === "scope-insufficient" && {
        scopes: { required, granted: this.authentication?.token.granted.names ?? [] },
      }),
      envelope: this.message,
    });
    this.#applyCors(response);
    return this.#conclude(response, denial);
  }

  /** Answers after a bug: the caller learns nothing of it, the log everything except credentials. */
  fail(error: unknown): Response {
    logError(this.identity.requestId, error);
    return this.refuse(new Denial("internal-error", String(error)));
  }

  /** Replaces the CORS headers of an upstream, if the policy has its own. */
  #applyCors(response: Response): void {
    const { cors } = this.#context.policy;
    if (cors !== undefined) applyCors(response.headers, this.headers.get("origin"), cors);
  }

  #conclude(response: Response, denial: Denial | undefined): Response {
    const { log, finish, onDecision, now, version } = this.#context;
    finish?.(this, response, denial);
    const { route, authentication } = this;
    const told = denial ?? this.wouldDeny;
    const decision = denial || !told ? outcomeOf(denial, response) : "would-deny";
    const of = this.#tokenMembers(told);
    const message = this.message?.logged;
    // Members behind a spread would be made one by one, at a fiftieth of the cost of a refusal.
    const line = {
      event: "decision",
      time: isoTime(this.#arrivedAt),
      request_id: this.identity.requestId,
      method: this.method,
      route: this.pattern,
      decision,
      reason: told?.reason,
      // It may quote what a caller, a bound Worker or the runtime wrote.
      detail: told?.detail && loggableUnverified(told.detail, MAX_LOGGED_MESSAGE_LENGTH),
      status: response.status,
      issuer: of?.issuer,
      client_id: of?.client_id,
      subject: of?.subject,
      tenant: of?.tenant,
      audience: of?.audience,
      expired_seconds: of?.expired_seconds,
      unverified_iss: of?.unverified_iss,
      kid: of?.kid,
      mcp_method: message?.mcp_method,
      mcp_name: message?.mcp_name,
      required: route?.requirement.kind === "scopes" ? route.requirement.mentioned : undefined,
      granted: authentication?.token.granted.names,
      upstream: route?.upstream.name,
      upstream_status: this.upstreamStatus,
      duration_ms: now() - this.#arrivedAt,
      upstream_ms: this.upstreamMs,
      retried: this.retried || undefined,
      location_unmapped: this.locationUnmapped || undefined,
      key_source: authentication?.keySource,
      token_cache: authentication?.tokenCache,
      cf_ray: loggableRay(this.headers.get("cf-ray")),
      version,
    } satisfies Decision;
    // An answer never depends on its line.
    try {
      log(line, decision === "error" ? "error" : undefined, this);
    } catch {}
    onDecision?.(this, denial);
    return response;
  }

  #tokenMembers(denial: Denial | undefined): TokenMembers | undefined {
    const token = this.authentication?.token;
    if (token === undefined) return denial?.token && refusedMembers(denial.token);
    const { clientId, subject, tenant } = token;
    const issuer = tokenIss(token.issuer, tenant);
    return acceptedMembers({ issuer, clientId, subject, audience: audienceOf(token.claims) }, tenant);
  }
}

/** A refusal with a 5xx says nothing about the caller: the gateway, its policy, an issuer or an upstream has failed. */
function outcomeOf(denial: Denial | undefined, { status }: Response): Decision["decision"] {
  if (denial === undefined) return "allow";
  return status >= 500 ? "error" : "deny";
}

/** Cloudflare sets the header. Anywhere else a caller can send one. */
function loggableRay(ray: string | null): string | undefined {
  return ray === null ? undefined : loggableUnverified(ray, MAX_LOGGED_RAY_LENGTH);
}
