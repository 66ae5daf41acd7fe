import { askedRequest } from "../../../explain/asked-request.ts";
import { assumedCaller, type Caller, callerWithToken, claimedIssuer, nobody } from "../../../explain/caller.ts";
import { explainRequest } from "../../../explain/explain-request.ts";
import type { Explanation } from "../../../explain/explanation.ts";
import { policyOn, withoutReports } from "../../../policy/analysis/reports.ts";
import type { Policy } from "../../../policy/policy.ts";
import { UsageError } from "../../args/exit-code.ts";
import { assertToken } from "../../args/read-token.ts";
import { hostOf, isLoopback } from "../../deploy/policy-addresses.ts";
import { assertTenant, assumptionOf } from "../../explain/assumption-of.ts";
import { createJwksKeyStore } from "../../explain/jwks-key-store.ts";
import type { Question } from "../parts/why-address.ts";
import { type ExplainedAnswer, explainAnswer } from "./explain-answer.ts";
import { messageOf } from "./message-of.ts";
import { namesCaller } from "./question.ts";

/** What is found out about a question. None of it contains the signature of the token. */
export interface Reply {
  readonly explanation: Explanation;
  /**
   * The answer that the caller gets, or would get from the day on on which its route enforces. Left out: no refusal.
   */
  readonly answer: ExplainedAnswer | undefined;
  /** The claims of a pasted token, if it can be parsed. They may be false. */
  readonly claims: Caller["unverifiedClaims"];
}

/** What a question is asked under. */
export interface Circumstances {
  readonly policy: Policy;
  /** The day (UTC) for routes with `report`, if the question names none. */
  readonly day: string;
  /** Whether a local stack runs, whose issuer has the keys of its tokens. */
  readonly hasStack: boolean;
  /** Epoch milliseconds. A token's times are compared with it. */
  readonly nowMs: number;
}

/**
 * Explains what the gateway does with a request, by the code of `explain`.
 *
 * @param token a token that somebody pasted; `undefined`: the question says what a token is assumed to have
 * @throws UsageError, InputError the question makes no sense under this policy
 */
export async function askWhy(
  question: Question,
  token: string | undefined,
  { policy: undated, day, hasStack, nowMs }: Circumstances,
): Promise<Reply> {
  const policy = policyOn(undated, question.on ?? day);
  const { path, host } = question;
  const message = question.message === undefined ? undefined : messageOf(question.message, question.revision);
  if (message === undefined && question.revision !== undefined) {
    throw new UsageError("`revision` is for an MCP message: the question has none.");
  }
  const { method = message === undefined ? "GET" : "POST" } = question;
  if (message !== undefined && method !== "POST") throw new UsageError("An MCP message is sent by POST.");
  const request = askedRequest({ method, path, host }, policy);
  if (!request.ok) throw new UsageError(`${request.failure.message} ${request.failure.hint}`);
  const asked = { ...request.value, ...(message && { message }) };
  const caller = token === undefined ? assumed(question, policy) : holder(question, token, policy, hasStack, nowMs);
  const explanation = await explainRequest(policy, asked, caller);
  const enforced = explanation.report?.refusal === undefined ? policy : withoutReports(policy);
  const claims = token === undefined ? undefined : caller.unverifiedClaims;
  return { explanation, claims, answer: await explainAnswer(enforced, asked, caller) };
}

function assumed(question: Question, policy: Policy): Caller {
  const { tenant, scope } = question;
  if (tenant !== undefined) assertTenant(tenant, policy, quoted);
  if (!namesCaller(question)) return nobody;
  const scopes = scope.length === 0 ? undefined : scope;
  return assumedCaller(assumptionOf({ ...question, scopes }, policy, quoted), policy);
}

function quoted(name: string): string {
  return `\`${name}\``;
}

function holder(question: Question, token: string, policy: Policy, hasStack: boolean, nowMs: number): Caller {
  if (namesCaller(question)) {
    throw new UsageError("Give either a token, or the properties of an assumed one. The token was not kept.");
  }
  assertToken(token);
  const unchecked = callerWithToken(token, policy, undefined, nowMs);
  const issuer = claimedIssuer(policy, unchecked.unverifiedClaims);
  // The console sends nothing anywhere but to loopback: not to an issuer that a deployed gateway uses.
  if (!hasStack || issuer === undefined || !isLoopback(hostOf(issuer.jwksUri) ?? "")) return unchecked;
  return callerWithToken(token, policy, createJwksKeyStore(issuer.jwksUri), nowMs);
}
