import type { Reason } from "../answer/denial.ts";
import type { Stage } from "../answer/stages.ts";
import type { ConditionOutcome, RequirementOutcome } from "../policy/analysis/formulas/requirement-outcome.ts";
import type { RateLimit, Route } from "../policy/policy.ts";
import type { BindingMethod } from "../policy/requirements/binding.ts";
import type { Caller } from "./caller.ts";
import type { GrantSource } from "./grant-sources.ts";
import type { AskedMessage } from "./message/asked-message.ts";
import type { ExplainedMessage } from "./message/explain-message.ts";

/**
 * How a request ends. `answered`: the gateway itself answers, by one of its own endpoints or, if it is a preflight, by
 * the policy's `cors`.
 */
export type Outcome = "forwarded" | "refused" | "answered";

/** The request that an explanation is about. */
export interface AskedRequest {
  /** As it would be sent: upper or lower case matters. */
  readonly method: string;
  /** Absolute, without a fragment. */
  readonly url: string;
  /** The `Host` header as it would be sent; left out: that of the URL. */
  readonly host?: string | undefined;
  /** Makes a `POST` request one that sends this MCP message. Left out: the request has no body. */
  readonly message?: AskedMessage | undefined;
  /** Makes an `OPTIONS` request a CORS preflight; left out: the request is none. */
  readonly preflight?: Preflight | undefined;
}

/** What a CORS preflight asks for (Fetch standard, CORS-preflight request). */
export interface Preflight {
  /** `Origin`: the origin of the script. */
  readonly origin: string;
  /** `Access-Control-Request-Method`: the method of the request that may follow. */
  readonly method: string;
}

/** The gateway's origin in a request if neither the user nor the policy names it. */
export const ASSUMED_ORIGIN = "https://gateway.invalid";

/** What the gateway does with one request, and why. Plain data: `--json` prints it as it is. */
export interface Explanation {
  readonly request: AskedRequest & {
    /** `undefined` if the path is ambiguous or too long, or the host is not served. */
    readonly canonicalPath: string | undefined;
  };
  readonly caller: Pick<Caller, "kind" | "description" | "remarks"> & {
    /** Full names of the scopes that the token grants; `undefined` without an accepted token. */
    readonly granted: readonly string[] | undefined;
    /** Which claim gave each of these scopes; `undefined` without an accepted token. */
    readonly grantedBy: readonly GrantSource[] | undefined;
    /** How an accepted token is bound to its sender. Left out: it is not bound. */
    readonly boundBy?: BindingMethod;
  };
  readonly outcome: Outcome;
  /** All six stages, in order. */
  readonly stages: readonly StageOutcome[];
  /** The stage that refused the request. */
  readonly refusedAt: Stage | undefined;
  readonly refusal: Refusal | undefined;
  /** What the route's `report` changes. Left out: the route enforces, or has none. */
  readonly report?: ExplainedReport;
  /** The route for this path and method, if there is one. */
  readonly route: Pick<Route, "path" | "methods" | "hosts" | "index"> | undefined;
  /** All patterns that match the path. The first is the most specific, and the only one that counts. */
  readonly patterns: readonly ExplainedPattern[];
  /** What an MCP route makes of the message that is asked about. Left out: there is no message, or no such route. */
  readonly message?: ExplainedMessage;
  /**
   * What the route requires. Of an MCP route, what it requires of the message or stream. `undefined`: there is no
   * route, or it refuses such requests to everyone.
   */
  readonly requirement: ExplainedRequirement | undefined;
  /** The rate limits of the route. Nothing is counted here. Left out: it has none. */
  readonly rateLimits?: readonly ExplainedRateLimit[];
  /** What would reach the upstream; `undefined` unless the outcome is `forwarded`. */
  readonly forwarded: Forwarded | undefined;
  /** Usual mistakes that lead to this refusal, or to the one that is only reported, in sentences. */
  readonly hints: readonly string[];
}

/** A rate limit of the route. */
export interface ExplainedRateLimit extends Pick<RateLimit, "name" | "limit" | "periodSeconds"> {
  /** What is counted by itself, as in the file. */
  readonly by: string;
}

/** How one stage ended. */
export interface StageOutcome {
  readonly stage: Stage;
  /**
   * `not reached`: an earlier stage refused the request. `would refuse`: the route only reports, so the request goes
   * on; the stages that follow up to `prepare` are `not reached`.
   */
  readonly outcome: "passed" | "refused" | "would refuse" | "not needed" | "not reached";
}

/** A route that only reports, and what it would do with the request if it enforced. */
export interface ExplainedReport {
  /** The last day without enforcement (UTC). */
  readonly until: string;
  /** The first day with enforcement (UTC). */
  readonly enforcedFrom: string;
  /** The stage that would refuse the request; left out: none would. */
  readonly refusedAt?: Stage | undefined;
  /** The refusal from that day on; left out: the request would be forwarded, too. */
  readonly refusal?: Refusal | undefined;
}

/** A refusal as the caller and the log see it. */
export interface Refusal {
  readonly status: number;
  readonly reason: Reason;
  /** The text that the caller gets. */
  readonly answer: string;
  /** The text that goes to the log only. */
  readonly detail: string | undefined;
  /** The headers of the answer that matter: `allow`, `www-authenticate`, `retry-after`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A pattern that matches the path. */
export interface ExplainedPattern {
  readonly pattern: string;
  /** Its methods, as `Allow` lists them. */
  readonly methods: string;
  /** Why this pattern does not count; `undefined` for the one that does. */
  readonly passedOver: string | undefined;
}

/** What a route requires, and how far the caller meets it. */
export interface ExplainedRequirement {
  readonly kind: "public" | "optional" | "authenticated" | "scopes";
  /** Names of the issuers whose tokens are accepted; left out: every issuer's are. */
  readonly issuers?: readonly string[];
  /** Whether the caller's token is bound to its sender, as the route asks. Left out: the route does not ask. */
  readonly senderConstrained?: { readonly met: boolean };
  /** How and when the user must have authenticated. Left out: the route does not ask. */
  readonly authentication?: ExplainedAuthentication;
  /** For `scopes`: each part of the expression, and whether the caller meets it. */
  readonly outcome: RequirementOutcome | undefined;
  /**
   * For `scopes`, if the request is refused: the smallest sets of scopes that meet the expression. They are those of
   * the caller's own issuer, if it is accepted; otherwise those of every accepted issuer.
   */
  readonly sufficient: readonly SufficientSet[];
  /** Whether `sufficient` lists all of them. */
  readonly isSufficientComplete: boolean;
  /** If the request is refused: names of the issuers whose tokens may grant any client these scopes. */
  readonly unrestrictedIssuers?: readonly string[];
}

/**
 * What a route asks of the authentication, and whether the caller meets it. A member is left out with what it is about.
 */
export interface ExplainedAuthentication {
  /** The classes of which one, or a higher one, is enough. */
  readonly acr?: readonly string[];
  readonly isAcrMet?: boolean;
  /** How long ago the user may have authenticated. */
  readonly maxAgeSeconds?: number;
  readonly isAgeMet?: boolean;
}

/** A set of scopes that meets a requirement, if the conditions beside it are met. All names are full names. */
export interface SufficientSet {
  readonly scopes: readonly string[];
  /** Whether each of the conditions is met now. Left out if the set needs none. */
  readonly conditions?: readonly ConditionOutcome[];
  /** Names of the issuers whose tokens may grant them, if not every accepted issuer's may. */
  readonly issuers?: readonly string[];
  /** The scopes that the caller lacks. */
  readonly missing: readonly string[];
  /** The registered clients that may be granted all of them, if the gateway accepts their tokens. */
  readonly clients: readonly string[];
}

/** The request that would reach the upstream. */
export interface Forwarded {
  readonly upstream: string;
  /** The address, or the path behind a service binding. */
  readonly to: string;
  /** What changes the path, such as `upstreamPath /v2/orders/:id`. Left out: nothing does. */
  readonly rewrittenBy?: string;
  /** The claims that the gateway would sign for the upstream. Left out: it signs none. */
  readonly assertion?: Readonly<Record<string, unknown>>;
  /** The headers that the gateway writes. It passes on the caller's other headers, except those that it removes. */
  readonly headers: Readonly<Record<string, string>>;
}
