import * as v from "valibot";
import type { Reason } from "../answer/denial.ts";
import { type DryRun, dryRun } from "../explain/dry-run.ts";
import { hintsOn } from "../explain/explain-request.ts";
import type { Outcome } from "../explain/explanation.ts";
import { closed } from "../policy/compile/schema/closed.ts";
import { reportShapeFaults } from "../policy/compile/schema/report-shape-faults.ts";
import { type Fault, formatFault } from "../policy/fault.ts";
import type { Policy, Route } from "../policy/policy.ts";
import { QUESTION_MEMBERS, type Question } from "./question.ts";
import { type ReadQuestion, readQuestion } from "./read-question.ts";
import { whyDecided } from "./why-decided.ts";

/** What the gateway does with a request. Plain data. */
export interface Decision {
  readonly outcome: Outcome;
  /** Why the request is refused; `undefined` if it is not. */
  readonly reason: Reason | undefined;
  /** The status of a refusal or of a preflight's answer; `undefined`: the upstream or an endpoint of the gateway answers. */
  readonly status: number | undefined;
  /** The path pattern of the route for this path and method, as the policy writes it. */
  readonly route: string | undefined;
  /** Name of the upstream that gets the request; `undefined` unless it is forwarded. */
  readonly upstream: string | undefined;
  /** Full names of all scopes that the route's requirement mentions; empty if it mentions none. */
  readonly required: readonly string[];
  /** Full names of the scopes that the token grants; `undefined` without an accepted token. */
  readonly granted: readonly string[] | undefined;
  /** Whether the answer to a preflight allows the origin and the method; `undefined`: the request is no preflight. */
  readonly preflight: "permitted" | "refused" | undefined;
  /** The reason in words, for people. */
  readonly why: string;
}

/** A decision, and the route that it is about. */
export interface Verdict {
  readonly decision: Decision;
  readonly route: Route | undefined;
  /** Finds the usual mistakes that lead to the refusal, in sentences. It may compare names with all routes. */
  readonly hints: () => readonly string[];
}

const questionSchema = closed(QUESTION_MEMBERS);

/**
 * Decides what the gateway does with a request. The gateway's own code decides, with nothing behind it: no network, no
 * files, and no time except `now`. Signatures of tokens are not checked.
 *
 * @param policy as `compilePolicy` of `scopegate/policy` returns it
 * @throws TypeError the question is faulty, or it names a client, scope or issuer that the policy does not have
 */
export async function decide(policy: Policy, question: Question): Promise<Decision> {
  if (typeof policy?.table?.match !== "function") {
    throw new TypeError("This is not a compiled policy. Compile it with compilePolicy of scopegate/policy.");
  }
  const given = Object.fromEntries(Object.entries(question).filter(([, value]) => value !== undefined));
  const faults: Fault[] = [];
  reportShapeFaults(questionSchema, given, (path, message, hint) => faults.push({ path, message, hint }));
  if (faults.length > 0) throw faulty(faults);
  const read = readQuestion(v.parse(questionSchema, given), policy);
  if (!read.ok) throw faulty(read.failure);
  return (await verdictOn(policy, read.value)).decision;
}

function faulty(faults: readonly Fault[]): TypeError {
  return new TypeError(faults.map(formatFault).join("\n"));
}

/** Decides a question that has been read. */
export async function verdictOn(policy: Policy, { asked, caller }: ReadQuestion): Promise<Verdict> {
  const run = await dryRun(policy, asked, caller.authenticate);
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
