import { ALL_REASONS } from "../../answer/all-reasons.ts";
import { RATE_LIMIT_REASONS } from "../../answer/rate-limit-reasons.ts";
import type { ObservedClient } from "../../policy/analysis/advice/observation.ts";
import { issuerOf } from "../../policy/issuers/tenants.ts";
import type { Policy, Requirement, Route } from "../../policy/policy.ts";
import { type DecisionLine, requestsOf } from "../decisions/decision-line.ts";
import { MAX_OBSERVED_CALLS } from "../decisions/log-limits.ts";
import { messageRequirementsOf } from "../replay/message.ts";
import { asksFor } from "./asks-for.ts";
import { RouteFinder } from "./find-routes.ts";

/** A number of calls that grows. */
interface Growing {
  seen: number;
  requests: number;
}

interface GrowingObservation {
  readonly route: Route;
  readonly requirements: readonly Requirement[];
  readonly granted: readonly string[];
  readonly permitted: Growing;
  readonly refused: Growing;
}

/** What a log says of one client. */
export interface LoggedClient extends ObservedClient {
  /** How many calls were refused, by reason. */
  readonly refusals: ReadonlyMap<string, number>;
  /** The routes that let some call of it through, or may have. */
  readonly calledRoutes: ReadonlySet<Route>;
  /** Permitted calls that no route of this policy serves. They need nothing of it. */
  readonly unknownRoutes: number;
  /** Permitted calls of which the log lacks what the token granted. */
  readonly withoutGranted: number;
}

interface GrowingClient extends Omit<LoggedClient, "observations"> {
  readonly byCall: Map<string, GrowingObservation>;
  readonly refusals: Map<string, number>;
  readonly calledRoutes: Set<Route>;
  unknownRoutes: number;
  withoutGranted: number;
}

/** What is known of a log as a whole. */
export interface LogSummary {
  /** Decision lines. */
  lines: number;
  /** How many requests they stand for. */
  requests: number;
  /** When the first and the last request arrived, in epoch milliseconds; infinite if there is no line. */
  fromMs: number;
  toMs: number;
  /** Requests without a token that was accepted. No client can be told. */
  withoutToken: number;
  /** Lines with an issuer that this policy does not have. */
  unknownIssuers: number;
  /** Lines whose route asks for other scopes now than it did then. */
  otherRequirements: number;
  /** Lines with calls that were not counted, because there are too many different ones. */
  uncounted: number;
}

/** Collects what decision lines say of clients and routes. The memory depends on how many different calls there are. */
export class ObservedLog {
  readonly summary: LogSummary = {
    lines: 0,
    requests: 0,
    fromMs: Number.POSITIVE_INFINITY,
    toMs: Number.NEGATIVE_INFINITY,
    withoutToken: 0,
    unknownIssuers: 0,
    otherRequirements: 0,
    uncounted: 0,
  };
  /** The smallest share of the lines that was written, by decision. */
  readonly shares = new Map<string, number>();
  /** The routes that let some call through, or may have. */
  readonly calledRoutes = new Set<Route>();
  readonly #policy: Policy;
  readonly #routes: RouteFinder;
  readonly #clients = new Map<string, GrowingClient>();
  readonly #granted = new Map<string, readonly string[]>();
  readonly #numbers = new Map<Requirement, number>();
  #calls = 0;

  constructor(policy: Policy) {
    this.#policy = policy;
    this.#routes = new RouteFinder(policy);
  }

  get clients(): readonly LoggedClient[] {
    return Array.from(this.#clients.values(), ({ byCall, ...client }) => ({
      ...client,
      observations: [...byCall.values()],
    }));
  }

  add(line: DecisionLine): void {
    const isPermitted = wasPermitted(line);
    this.#addToSummary(line);
    // Without an upstream, the gateway answered itself, such as to a preflight.
    const routes = line.upstream === undefined ? [] : this.#routes.find(line);
    if (isPermitted) for (const route of routes) this.calledRoutes.add(route);
    if (line.issuer === undefined) {
      this.summary.withoutToken += 1;
      return;
    }
    const issuer = issuerOf(this.#policy, line.issuer);
    if (issuer === undefined) this.summary.unknownIssuers += 1;
    else if (!this.#addCall(issuer.name, line, routes, isPermitted)) this.summary.uncounted += 1;
  }

  #addToSummary(line: DecisionLine): void {
    const { summary } = this;
    const { time, decision, sample_share: share = 1 } = line;
    summary.lines += 1;
    summary.requests += requestsOf(line);
    if (share < (this.shares.get(decision) ?? 1)) this.shares.set(decision, share);
    // The oldest lines have no time.
    if (time === undefined) return;
    const arrivedAt = Date.parse(time);
    summary.fromMs = Math.min(summary.fromMs, arrivedAt);
    summary.toMs = Math.max(summary.toMs, arrivedAt);
  }

  /** Returns whether there was room to count the call. */
  #addCall(issuer: string, line: DecisionLine, routes: readonly Route[], isPermitted: boolean): boolean {
    const { reason = "", granted } = line;
    const client = this.#clientOf(issuer, line.client_id);
    if (client === undefined) return false;
    if (isPermitted) for (const route of routes) client.calledRoutes.add(route);
    if (!isPermitted) client.refusals.set(reason, (client.refusals.get(reason) ?? 0) + 1);
    else if (routes.length === 0) client.unknownRoutes += 1;
    else if (granted === undefined) client.withoutGranted += 1;
    const [route] = routes;
    const isCounted = isPermitted || reason === "scope-insufficient";
    if (!isCounted || route === undefined || granted === undefined) return true;
    const requirements = decidingRequirements(routes, line);
    if (requirements === "unlisted") {
      if (isPermitted) client.unknownRoutes += 1;
      return true;
    }
    if (requirements.length > 0 && !requirements.some((it) => asksFor(it, line.required))) {
      this.summary.otherRequirements += 1;
    }
    const observation = this.#observationOf(client, route, requirements, granted);
    if (observation === undefined) return false;
    const tally = isPermitted ? observation.permitted : observation.refused;
    tally.seen += 1;
    tally.requests += requestsOf(line);
    return true;
  }

  #clientOf(issuer: string, id: string | undefined): GrowingClient | undefined {
    const key = JSON.stringify([issuer, id]);
    const known = this.#clients.get(key);
    if (known !== undefined || this.#clients.size >= MAX_OBSERVED_CALLS) return known;
    const counts = { unknownRoutes: 0, withoutGranted: 0 };
    const client = { issuer, id, byCall: new Map(), refusals: new Map(), calledRoutes: new Set<Route>(), ...counts };
    this.#clients.set(key, client);
    return client;
  }

  #observationOf(
    { byCall }: GrowingClient,
    route: Route,
    requirements: readonly Requirement[],
    granted: readonly string[],
  ): GrowingObservation | undefined {
    const key = `${route.index} ${requirements.map((it) => this.#numberOf(it)).join()} ${granted.join(" ")}`;
    const known = byCall.get(key);
    if (known !== undefined || this.#calls >= MAX_OBSERVED_CALLS) return known;
    this.#calls += 1;
    const observation = {
      route,
      requirements,
      granted: this.#shared(granted),
      permitted: { seen: 0, requests: 0 },
      refused: { seen: 0, requests: 0 },
    };
    byCall.set(key, observation);
    return observation;
  }

  #numberOf(requirement: Requirement): number {
    const number = this.#numbers.get(requirement) ?? this.#numbers.size;
    this.#numbers.set(requirement, number);
    return number;
  }

  /** The same list for the same scopes: thousands of calls have them. */
  #shared(granted: readonly string[]): readonly string[] {
    const key = granted.join(" ");
    const known = this.#granted.get(key) ?? granted;
    this.#granted.set(key, known);
    return known;
  }
}

/**
 * Whether a call was let through. If the upstream then failed it, no scope would have changed that. A rate limit that
 * only reports says nothing about scopes, and the call used them.
 */
function wasPermitted({ decision, reason }: DecisionLine): boolean {
  if (decision === "allow") return true;
  if (decision === "would-deny") return reason !== undefined && Object.hasOwn(RATE_LIMIT_REASONS, reason);
  return isReason(reason) && ALL_REASONS[reason].stage === "forward";
}

function isReason(reason: string | undefined): reason is keyof typeof ALL_REASONS {
  return reason !== undefined && Object.hasOwn(ALL_REASONS, reason);
}

/**
 * The requirements of which one decided a call. Empty: the line does not tell what decided. `unlisted`: a route of the
 * Model Context Protocol does not serve the message.
 */
function decidingRequirements(routes: readonly Route[], line: DecisionLine): readonly Requirement[] | "unlisted" {
  const found = routes.map(({ mcp, requirement }) => (mcp ? messageRequirementsOf(mcp, line) : [requirement]));
  if (found.includes(undefined)) return [];
  const listed = found.flatMap((it) => (typeof it === "object" ? it : []));
  return listed.length === 0 ? "unlisted" : [...new Set(listed)];
}
