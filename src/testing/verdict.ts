import { type DryRun, dryRun } from "../explain/dry-run.ts";
import { hintsOn } from "../explain/explain-request.ts";
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

/** Decides a question that has been read. */
export async function verdictOn(policy: Policy, { asked, caller }: ReadQuestion): Promise<Verdict> {
  const isAssumed = caller.kind === "assumed";
  const run = await dryRun(policy, asked, caller.authenticate, isAssumed, caller.checkedAtMs);
  const { outcome, denial, route, response, isEndpoint } = run;
  const hasStatus = outcome !== "forwarded" && !isEndpoint;
  const decision: Decision = {
    outcome,
    reason: denial?.reason,
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

/** Whether the answer to a preflight allows the origin and names the method. */
function preflightOutcome({ response: { headers } }: DryRun, method: string): "permitted" | "refused" {
  const methods = (headers.get("access-control-allow-methods") ?? "").split(/, */);
  return headers.has("access-control-allow-origin") && methods.includes(method) ? "permitted" : "refused";
}
