import { ALL_REASONS, stageOf } from "../answer/all-reasons.ts";
import { STAGES, type Stage } from "../answer/stages.ts";
import { type MatchingPattern, whyMoreSpecific } from "../policy/analysis/matching-patterns.ts";
import { patternsOnHost } from "../policy/analysis/patterns-on-host.ts";
import { withoutReports } from "../policy/analysis/reports.ts";
import type { Held } from "../policy/authorize.ts";
import { claimText } from "../policy/claim-path.ts";
import type { Policy, RateLimit, Route, RouteGroup } from "../policy/policy.ts";
import { enforcedFrom, type ReportOnly } from "../policy/settings/report-only.ts";
import type { Admission } from "../token/admit.ts";
import { holderAt } from "../token/met-conditions.ts";
import { createWithAuthentication } from "../token/step-up/with-authentication.ts";
import type { Caller } from "./caller.ts";
import { type DryRun, dryRun, hostOf } from "./dry-run.ts";
import { explainForwarded } from "./explain-forwarded.ts";
import { explainHints } from "./explain-hints.ts";
import { explainRequirement } from "./explain-requirement.ts";
import type {
  AskedRequest,
  ExplainedPattern,
  ExplainedRateLimit,
  ExplainedReport,
  Explanation,
  Refusal,
  StageOutcome,
} from "./explanation.ts";
import { grantSources } from "./grant-sources.ts";
import { explainMessage } from "./message/explain-message.ts";
import { registrationRemarks } from "./registration.ts";
import { bindingRemarks } from "./token-binding.ts";

/**
 * Explains what the gateway does with a request. It sends the request through the gateway, with nothing behind it, and
 * reads the decision from there: what it adds is why, not what. Throws what `caller.authenticate` throws.
 *
 * @param policy each of its `report`s counts as in force: see `policyOn`
 */
export async function explainRequest(policy: Policy, asked: AskedRequest, caller: Caller): Promise<Explanation> {
  const isAssumed = caller.kind === "assumed";
  const nowMs = caller.checkedAtMs ?? Date.now();
  const run = await dryRun(policy, asked, caller.authenticate, isAssumed, nowMs);
  const { exchange, isEndpoint, forwarded, outcome, route, requirement } = run;
  // What a route that only reports would answer if it enforced.
  const enforced = exchange.wouldDeny
    ? await dryRun(withoutReports(policy), asked, caller.authenticate, isAssumed, nowMs)
    : undefined;
  const { path } = exchange;
  const token = exchange.authentication?.token;
  const patterns = path === undefined || isEndpoint ? [] : explainPatterns(policy, hostOf(exchange), path);
  const refusal = refusalOf(run);
  const reported = enforced && refusalOf(enforced);
  const granted = token?.granted.names ?? [];
  const refusedAt = refusal && stageOf(refusal.reason, path !== undefined);
  const reportedAt = reported && stageOf(reported.reason, path !== undefined);
  const { reason } = refusal ?? reported ?? {};
  // No scopes are missing where only the authentication is not enough.
  const isListing = reason !== undefined && reason !== "authentication-insufficient";
  return {
    request: { ...asked, canonicalPath: path },
    caller: {
      kind: caller.kind,
      description: caller.description,
      remarks: [
        ...caller.remarks,
        ...(token ? registrationRemarks(policy, token) : []),
        ...(token ? bindingRemarks(token, caller.kind === "assumed") : []),
        ...(token && policy.revocation ? [NOT_LOOKED_UP] : []),
      ],
      granted: token?.granted.names,
      grantedBy: token && grantSources(token, policy),
      ...(token?.confirmation && { boundBy: token.confirmation.method }),
    },
    outcome,
    stages: STAGES.map((stage) => ({
      stage,
      outcome: reportedOutcome(stage, reportedAt) ?? outcomeOf(stage, outcome, refusedAt, route, caller),
    })),
    refusedAt,
    refusal,
    ...(route?.report && { report: explainReport(route.report, reported, reportedAt) }),
    route: route && {
      path: route.path,
      methods: route.methods,
      ...(route.hosts && { hosts: route.hosts }),
      index: route.index,
    },
    patterns,
    ...(asked.message && route?.mcp && { message: explainMessage(asked.message, route.mcp, requirement, policy) }),
    requirement:
      requirement &&
      explainRequirement({ requirement }, policy, granted, isListing, heldBy(run, token, nowMs), token, path),
    ...(route?.rateLimits && { rateLimits: route.rateLimits.map(explainRateLimit) }),
    forwarded: route && forwarded && explainForwarded(policy, run, route, forwarded, caller),
    hints: hintsOn(enforced ?? run, policy, asked, caller),
  };
}

function explainReport(
  report: ReportOnly,
  refusal: Refusal | undefined,
  refusedAt: Stage | undefined,
): ExplainedReport {
  return { until: report.until, enforcedFrom: enforcedFrom(report), ...(refusal && { refusedAt, refusal }) };
}

/**
 * How a stage that a route only reports ended: the first refusal counts, so stage 4 is not asked after one of stage 3.
 */
function reportedOutcome(stage: Stage, reportedAt: Stage | undefined): StageOutcome["outcome"] | undefined {
  if (stage === reportedAt) return "would refuse";
  return stage === "authorize" && reportedAt === "authenticate" ? "not reached" : undefined;
}

const NOT_LOOKED_UP = "Whether the token is revoked is not checked: only the deployed gateway reads that list.";

function explainRateLimit({ name, limit, periodSeconds, by }: RateLimit): ExplainedRateLimit {
  return { name, limit, periodSeconds, by: by.kind === "claim" ? `claim:${claimText(by.claim)}` : by.kind };
}

/** What the caller holds for the request; nothing if there is no accepted token. */
function heldBy({ exchange, route }: DryRun, token: Admission | undefined, nowMs: number): Held {
  if (token === undefined || route === undefined || exchange.path === undefined) return new Set<string>();
  const holder = holderAt(exchange.path, route.requirement, token);
  return createWithAuthentication(() => nowMs)(holder, route.requirement, token).effective;
}

/** The usual mistakes that lead to the refusal, in sentences; none if the request is not refused. */
export function hintsOn(run: DryRun, policy: Policy, asked: AskedRequest, caller: Caller): readonly string[] {
  const { exchange, route } = run;
  const token = exchange.authentication?.token;
  return explainHints({ policy, asked, path: exchange.path, route, caller, refusal: refusalOf(run), token });
}

function refusalOf({ denial, response }: DryRun): Refusal | undefined {
  if (denial === undefined) return undefined;
  const { reason, detail } = denial;
  const shown = ["allow", "www-authenticate", "retry-after"].flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  const answer = ALL_REASONS[reason].detail;
  return { status: response.status, reason, answer, detail, headers: Object.fromEntries(shown) };
}

function outcomeOf(
  stage: Stage,
  outcome: Explanation["outcome"],
  refusedAt: Stage | undefined,
  route: Route | undefined,
  caller: Caller,
): StageOutcome["outcome"] {
  if (stage === refusedAt) return "refused";
  if (refusedAt !== undefined && STAGES.indexOf(stage) > STAGES.indexOf(refusedAt)) return "not reached";
  if (outcome === "answered" && stage !== "canonicalize") return "not needed";
  const isAboutTokens = stage === "authenticate" || stage === "authorize";
  return isAboutTokens && isOpenTo(route, caller) ? "not needed" : "passed";
}

/** Whether the route lets the caller in without reading a token. */
function isOpenTo(route: Route | undefined, { kind }: Caller): boolean {
  return route?.requirement.kind === "public" || (route?.requirement.kind === "optional" && kind === "nobody");
}

/** The patterns that match a path on a host, those that name the host first. */
function explainPatterns(policy: Policy, host: string, path: string): readonly ExplainedPattern[] {
  const { own, others } = patternsOnHost(policy, host, path);
  const [winner] = [...own, ...others];
  const explained = (pattern: MatchingPattern, why: (winner: MatchingPattern) => string): ExplainedPattern => ({
    pattern: patternOf(pattern.leaf),
    methods: pattern.leaf.allow,
    passedOver: winner === undefined || pattern === winner ? undefined : why(winner),
  });
  return [
    ...own.map((pattern) => explained(pattern, (first) => whyMoreSpecific(first, pattern))),
    ...others.map((pattern) =>
      explained(pattern, (first) => (own.length > 0 ? NAMES_NO_HOST : whyMoreSpecific(first, pattern))),
    ),
  ];
}

const NAMES_NO_HOST = "It names no host, and a route that names the host of the request goes first.";

/** The pattern as one of its routes writes it. Other routes may name its parameters differently. */
function patternOf({ byMethod, anyMethod, shape }: RouteGroup): string {
  const [route = anyMethod] = byMethod.values();
  return route?.path ?? shape;
}
