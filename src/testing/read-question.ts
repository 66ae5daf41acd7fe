import { askedRequest } from "../explain/asked-request.ts";
import { assumedCaller, type Caller, callerWithToken, nobody, registeredClient } from "../explain/caller.ts";
import { callerWithClaims } from "../explain/claims-caller.ts";
import type { AskedRequest } from "../explain/explanation.ts";
import { resolveScope } from "../policy/compile/scope-names.ts";
import type { Fault, Report } from "../policy/fault.ts";
import type { Client, Issuer, Policy } from "../policy/policy.ts";
import { anyConfirmation } from "../policy/requirements/binding.ts";
import { nameHint } from "../policy/suggestion.ts";
import { failure, type Result, success } from "../result.ts";
import type { Question } from "./question.ts";
import { readTime } from "./read-time.ts";

/** A request and its caller, as the engine takes them. */
export interface ReadQuestion {
  readonly asked: AskedRequest;
  readonly caller: Caller;
  /** The time of the request, in epoch milliseconds; `undefined`: none is given. */
  readonly nowMs: number | undefined;
}

/**
 * Reads a question of the right shape. Every name in it must mean something in the policy: a question with a misspelt
 * client or scope would be answered with a refusal, and a test that expects one would pass for the wrong reason.
 */
export function readQuestion(question: Question, policy: Policy): Result<ReadQuestion, readonly Fault[]> {
  const faults: Fault[] = [];
  const report: Report = (path, message, hint) => faults.push({ path, message, hint });
  const asked = readRequest(question, policy, report);
  const nowMs = question.now === undefined ? undefined : readNow(question.now, report);
  const caller = readCaller(question, nowMs, policy, report);
  return asked && caller && faults.length === 0 ? success({ asked, caller, nowMs }) : failure(faults);
}

function readRequest(question: Question, policy: Policy, report: Report): AskedRequest | undefined {
  const { method, path, host, preflight } = question;
  const asked = askedRequest({ method, path, host }, policy);
  if (!asked.ok) {
    report([asked.failure.member], asked.failure.message, asked.failure.hint);
    return undefined;
  }
  if (preflight === undefined) return asked.value;
  if (method !== "OPTIONS") report(["preflight"], "Only OPTIONS requests are preflights.", "Set `method` to OPTIONS.");
  const origin = URL.parse(preflight.origin)?.origin;
  if (origin !== preflight.origin && preflight.origin !== "null") {
    report(["preflight", "origin"], "This is not an origin.", "Write scheme, host and port: https://shop.example.");
  }
  const other = askedRequest({ method: preflight.method, path, host }, policy);
  if (!other.ok) report(["preflight", "method"], other.failure.message, other.failure.hint);
  return { ...asked.value, preflight };
}

function readCaller(question: Question, nowMs: number | undefined, policy: Policy, report: Report): Caller | undefined {
  if (!isOneCaller(question, report)) return undefined;
  const { token, claims, scopes } = question;
  if (token !== undefined) return callerOfToken(token, nowMs, question, policy, report);
  if (claims !== undefined) return callerOfClaims(claims, nowMs, question, policy, report);
  // The end of a `report` is compared with it, too.
  if (question.now !== undefined && !policy.hasReports) {
    report(["now"], "No time is compared with it.", "Leave it out, or give `token` or `claims`.");
  }
  const client = readClient(question.client, policy, report);
  const issuer = readIssuer(question, policy, report);
  if (question.client !== undefined && client === undefined) return undefined;
  if (client === undefined && scopes === undefined) {
    for (const member of ["issuer", "bound"] as const) {
      if (question[member] === undefined) continue;
      report([member], "There is no token.", "Give `client`, `scopes` or `claims`, too.");
    }
    return nobody;
  }
  if (client !== undefined && issuer !== undefined && client.issuer !== issuer.name) {
    report(["issuer"], `The client's issuer is \`${client.issuer}\`.`, "Leave it out: the client names its issuer.");
  }
  checkScopes(scopes, policy, report);
  return assumedCaller({ client, scopes, issuer, bound: question.bound }, policy);
}

/** Whether the question names its caller in one way at most. `client` and `scopes` go together. */
function isOneCaller({ token, client, scopes, claims }: Question, report: Report): boolean {
  const assumed = client === undefined ? "scopes" : "client";
  const isAssumed = client !== undefined || scopes !== undefined;
  const ways = [...(token === undefined ? [] : ["token"]), ...(isAssumed ? [assumed] : [])];
  if (claims !== undefined) ways.push("claims");
  const [first, second] = ways;
  if (second === undefined) return true;
  report([second], `\`${first}\` already says who calls.`, "Give one of `token`, `claims`, and `client` or `scopes`.");
  return false;
}

function callerOfToken(
  token: string,
  nowMs: number | undefined,
  { now, issuer, bound }: Question,
  policy: Policy,
  report: Report,
): Caller | undefined {
  if (issuer !== undefined) report(["issuer"], "The token names its issuer.", "Leave it out.");
  if (bound !== undefined) report(["bound"], "The token says whether it is bound.", "Leave it out.");
  if (now === undefined) report(["token"], "The token's times need a time to compare with.", NEEDS_NOW);
  return nowMs === undefined ? undefined : callerWithToken(token, policy, undefined, nowMs);
}

function callerOfClaims(
  claims: Readonly<Record<string, unknown>>,
  nowMs: number | undefined,
  question: Question,
  policy: Policy,
  report: Report,
): Caller | undefined {
  const issuer = readIssuer(question, policy, report);
  if (question.issuer !== undefined && claims["iss"] !== undefined) {
    report(["issuer"], "The claim `iss` names the issuer.", "Leave out one of them.");
  }
  const { auth_time: authenticatedAt } = claims;
  const times = ["exp", "nbf", "iat"].filter((name) => claims[name] !== undefined);
  // Without `now`, a negative one counts from the time of the request.
  if (typeof authenticatedAt === "number" && authenticatedAt > 0) times.push("auth_time");
  const [time] = times;
  if (time !== undefined && question.now === undefined) {
    report(["claims", time], "The claim needs a time to compare with.", NEEDS_NOW);
    return undefined;
  }
  if (question.now !== undefined && nowMs === undefined) return undefined;
  if (question.bound !== undefined && Object.hasOwn(claims, "cnf")) {
    report(["bound"], "The claim `cnf` says how the token is bound.", "Leave out one of them.");
  }
  const all = question.bound === undefined ? claims : { ...claims, cnf: anyConfirmation(question.bound) };
  return callerWithClaims(all, policy, issuer === undefined ? [...policy.issuers.values()] : [issuer], nowMs);
}

const NEEDS_NOW = "Give `now`, too, such as 2026-01-31T12:00:00Z.";

function readNow(now: string | number, report: Report): number | undefined {
  const time = readTime(now);
  if (time.ok) return time.value;
  report(["now"], time.failure.message, time.failure.hint);
  return undefined;
}

function readClient(name: string | undefined, policy: Policy, report: Report): Client | undefined {
  if (name === undefined) return undefined;
  const client = registeredClient(name, policy);
  if (client.ok) return client.value;
  report(["client"], client.failure.message, client.failure.hint);
  return undefined;
}

function readIssuer({ issuer: name }: Question, policy: Policy, report: Report): Issuer | undefined {
  if (name === undefined) return undefined;
  const issuers = [...policy.issuers.values()];
  const issuer = issuers.find((it) => it.name === name);
  if (issuer === undefined) {
    report(
      ["issuer"],
      `There is no issuer \`${name}\` in \`issuers\`.`,
      nameHint(
        name,
        issuers.map((it) => it.name),
      ),
    );
  }
  return issuer;
}

function checkScopes(scopes: readonly string[] = [], policy: Policy, report: Report): void {
  for (const [index, name] of scopes.entries()) {
    const scope = resolveScope(name, policy.scopes);
    if (scope.ok) continue;
    const { message, hint, undeclared } = scope.failure;
    const isNear = hint.startsWith("Did you mean");
    report(["scopes", index], message, undeclared && !isNear ? "For a token with other scopes, write `claims`." : hint);
  }
}
