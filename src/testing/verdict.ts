import { type DryRun, dryRun } from "../explain/dry-run.ts";
import { hintsOn } from "../explain/explain-request.ts";
import { policyAt, withoutReports } from "../policy/analysis/reports.ts";
import type { Policy, Route } from "../policy/policy.ts";
import type { Decision } from "./decision.ts";
import type { ReadQuestion } from "./read-question.ts";
import { whyDecided } from "./why-decided.ts";

/** A decision, and the route that it is about. */
export interface Verdict {
  readonly decision: Decision;
  readonly route: Route | undefined;
  /** Finds the usual mistakes that lead to the refusal, in sentences. It may compare names with all routes. */
  readonly hints: () => readonly string[];
}

/**
 * Decides a question that has been read. Without a time, every route enforces its requirement, so that a test says the
 * same before and after the end of a `report`.
 */
export async function verdictOn(compiled: Policy, { asked, caller, nowMs }: ReadQuestion): Promise<Verdict> {
  const policy = nowMs === undefined ? enforcing(compiled) : policyAt(compiled, nowMs);
  const isAssumed = caller.kind === "assumed";
  const run = await dryRun(policy, asked, caller.authenticate, isAssumed, caller.checkedAtMs);
  const { outcome, denial, route, response, isEndpoint } = run;
  const { wouldDeny } = run.exchange;
  const hasStatus = outcome !== "forwarded" && !isEndpoint;
  const decision: Decision = {
    outcome,
    reason: denial?.reason,
    ...(wouldDeny && { wouldDeny: wouldDeny.reason }),
    status: hasStatus ? response.status : undefined,
    route: route?.path,
    upstream: outcome === "forwarded" ? route?.upstream.name : undefined,
    required: route?.requirement.kind === "scopes" ? route.requirement.mentioned : [],
    granted: run.exchange.authentication?.token.granted.names,
    preflight: asked.preflight && outcome === "answered" ? preflightOutcome(run, asked.preflight.method) : undefined,
    why: whyDecided(run, policy),
  };
  return { decision, route, hints: () => hintsOn(run, policy, asked, caller) };
}

const enforced = new WeakMap<Policy, Policy>();

/** `withoutReports`, once for each policy: a table may have thousands of rows. */
function enforcing(policy: Policy): Policy {
  const known = enforced.get(policy) ?? withoutReports(policy);
  enforced.set(policy, known);
  return known;
}

/** Whether the answer to a preflight allows the origin and names the method. */
function preflightOutcome({ response: { headers } }: DryRun, method: string): "permitted" | "refused" {
  const methods = (headers.get("access-control-allow-methods") ?? "").split(/, */);
  return headers.has("access-control-allow-origin") && methods.includes(method) ? "permitted" : "refused";
}
