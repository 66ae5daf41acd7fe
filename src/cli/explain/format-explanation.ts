import type { Stage } from "../../answer/stages.ts";
import {
  ASSUMED_ORIGIN,
  type ExplainedRequirement,
  type Explanation,
  type StageOutcome,
} from "../../explain/explanation.ts";
import type { GrantSource } from "../../explain/grant-sources.ts";
import { askedMessageText } from "../../explain/message/asked-message.ts";
import { provisoOf } from "../../explain/token-binding.ts";
import type { ConditionOutcome, RequirementOutcome } from "../../policy/analysis/formulas/requirement-outcome.ts";
import { conditionText } from "../../policy/claim-path.ts";
import type { Fault } from "../../policy/fault.ts";
import type { StepUp } from "../../policy/policy.ts";
import { stepUpText } from "../../policy/requirements/step-up.ts";
import type { Colours } from "../print/colours.ts";
import { messageLines, senderLines, unservedLines } from "./message-lines.ts";
import { reportLines } from "./report-lines.ts";

/**
 * An explanation as text for people: the six stages, how each ended, and how the request ends.
 *
 * @param placeOf the file, line and column of a place in the policy
 */
export function formatExplanation(
  explanation: Explanation,
  placeOf: (path: Fault["path"]) => string,
  colours: Colours,
): readonly string[] {
  const { request, caller, hints } = explanation;
  const target = request.url.startsWith(ASSUMED_ORIGIN) ? request.url.slice(ASSUMED_ORIGIN.length) : request.url;
  const asked = [request.method, target, ...(request.message ? [askedMessageText(request.message)] : [])].join(" ");
  const lines = [colours.strong(asked), `asked by ${shortened(caller.description)}`, ""];
  for (const [index, { stage, outcome }] of explanation.stages.entries()) {
    const paint = PAINTS[outcome] === undefined ? colours.faint : colours[PAINTS[outcome]];
    const [first = "", ...more] = outcome === "not reached" ? [] : detailsOf(stage, explanation, placeOf, colours);
    lines.push(`${index + 1} ${stage.padEnd(14)}${paint(outcome.padEnd(13))}${first}`.trimEnd());
    for (const line of more) lines.push(`${" ".repeat(29)}${line}`);
  }
  lines.push("", ending(explanation, colours));
  lines.push(...reportLines(explanation));
  const shown = explanation.refusal ?? explanation.report?.refusal;
  for (const [name, value] of Object.entries(shown?.headers ?? {})) lines.push(`  ${name}: ${shortened(value)}`);
  for (const remark of caller.remarks) lines.push(`${colours.faint("Note:")} ${remark}`);
  for (const hint of hints) lines.push(`${colours.doubtful("Hint:")} ${hint}`);
  return lines;
}

const PAINTS: Partial<Readonly<Record<StageOutcome["outcome"], "good" | "bad" | "doubtful">>> = {
  passed: "good",
  refused: "bad",
  "would refuse": "doubtful",
};

function detailsOf(
  stage: Stage,
  explanation: Explanation,
  placeOf: (path: Fault["path"]) => string,
  colours: Colours,
): readonly string[] {
  const { request, refusal, outcome, forwarded, caller, requirement } = explanation;
  const isRefusedHere = explanation.refusedAt === stage;
  switch (stage) {
    case "canonicalize":
      return [isRefusedHere ? (refusal?.detail ?? "") : (request.canonicalPath ?? "")];
    case "match":
      return outcome === "answered"
        ? ["The path belongs to the gateway itself."]
        : [...matchDetails(explanation, placeOf), ...messageLines(explanation, placeOf)];
    case "authenticate":
      return outcome === "answered" ? [] : authenticationDetails(explanation, colours);
    case "authorize":
      return [
        ...(requirement ? authorizationDetails(explanation, colours) : unservedLines(explanation)),
        ...senderLines(explanation),
        ...limitLines(explanation),
      ];
    case "prepare":
      return [
        ...Object.entries(forwarded?.headers ?? {}).map(([name, value]) => `${name}: ${shortened(value)}`),
        ...Object.entries(forwarded?.assertion ?? {}).map(
          ([name, value]) => `txn-token, ${name}: ${shortened(JSON.stringify(value))}`,
        ),
      ];
    case "forward":
      return forwarded === undefined ? [] : [...forwardLines(forwarded), ...assumption(caller)];
  }
}

function authorizationDetails({ requirement, caller }: Explanation, colours: Colours): readonly string[] {
  if (requirement?.kind === "scopes") return requirementDetails(requirement, colours);
  return requirement?.kind === "authenticated" || (requirement?.kind === "optional" && caller.kind !== "nobody")
    ? [
        `Any valid token${from(requirement)} will do.`,
        ...bindingLines(requirement, colours),
        ...stepUpLines(requirement, colours),
      ]
    : [];
}

function limitLines({ rateLimits = [], report }: Explanation): readonly string[] {
  const from = report === undefined ? "" : `, from ${report.enforcedFrom} on (UTC)`;
  return rateLimits.map(
    ({ name, limit, periodSeconds, by }) =>
      `Limited by ${name} to ${limit} in ${periodSeconds} seconds, by ${by}${from}. Nothing is counted here.`,
  );
}

function forwardLines({ upstream, to, rewrittenBy }: NonNullable<Explanation["forwarded"]>): readonly string[] {
  return [`to ${upstream}: ${to}`, ...(rewrittenBy === undefined ? [] : [`by ${rewrittenBy}`])];
}

function assumption(caller: Explanation["caller"]): readonly string[] {
  const proviso = provisoOf(caller);
  return proviso === "" ? [] : [`if ${proviso}`];
}

function matchDetails(
  { route, patterns, refusal, refusedAt }: Explanation,
  placeOf: (path: Fault["path"]) => string,
): readonly string[] {
  const [winner, ...others] = patterns;
  if (winner === undefined) return ["No pattern matches the path."];
  const place = route ? ` (${placeOf(["routes", route.index])})` : "";
  const won = route
    ? `${route.methods.join(", ")} ${route.path}${route.hosts ? ` on ${route.hosts.join(", ")}` : ""}${place}`
    : `${winner.pattern} serves ${winner.methods} only`;
  const refused =
    refusedAt === "match" && refusal?.reason === "path-ambiguous" && refusal.detail !== undefined
      ? [refusal.detail]
      : [];
  return [won, ...refused, ...others.map(({ pattern, passedOver }) => `not ${pattern}: ${passedOver ?? ""}`)];
}

function authenticationDetails(
  { caller, requirement, report, ...explanation }: Explanation,
  colours: Colours,
): readonly string[] {
  if (requirement?.kind === "public") return ["Anyone may call this. The gateway does not read credentials."];
  if (requirement?.kind === "optional" && caller.kind === "nobody") {
    return ["Anyone may call this without a token. Credentials that are sent must be valid."];
  }
  const { refusal = report?.refusal, refusedAt = report?.refusedAt } = explanation;
  const unchecked =
    caller.kind === "token, signature unchecked"
      ? [colours.doubtful("The signature was NOT verified: give the issuer's keys with --jwks.")]
      : [];
  if (refusedAt === "authenticate") {
    const why = refusal?.detail === undefined ? (refusal?.answer ?? "") : `${refusal.answer} (${refusal.detail})`;
    // No scope makes an invalid token valid, so the scopes are listed only if no token was sent.
    const isAboutScopes = requirement?.kind === "scopes" && refusal?.reason === "credentials-missing";
    return [why, ...unchecked, ...(isAboutScopes ? sufficientLines(requirement) : [])];
  }
  const granted = [
    `granted: ${some(caller.granted ?? [], " ") || "no scope that counts"}`,
    ...sourceLines(caller.grantedBy ?? []),
  ];
  if (caller.kind === "assumed") return ["A valid token is assumed.", ...granted];
  return caller.kind === "token" ? ["The signature was verified.", ...granted] : [...unchecked, ...granted];
}

/** Which claim gave which scopes. Nobody asks it where one claim names all of them. */
function sourceLines(sources: readonly GrantSource[]): readonly string[] {
  const names = new Set(sources.map(({ claim }) => claim));
  const isMapped = sources.some(({ scope, value }) => value !== scope && !scope.endsWith(`/${value}`));
  if (names.size < 2 && !isMapped) return [];
  const bySource = Map.groupBy(
    sources,
    ({ claim, value }) => `${shortened(JSON.stringify(value))} in the claim ${claim}`,
  );
  const lines = Array.from(
    bySource,
    ([by, given]) =>
      `  by ${by}: ${some(
        given.map(({ scope }) => scope),
        " ",
      )}`,
  );
  const left = lines.length - MOST_NAMES;
  return left > 0 ? [...lines.slice(0, MOST_NAMES), `  and by ${left} more`] : lines;
}

function requirementDetails(requirement: ExplainedRequirement, colours: Colours): readonly string[] {
  const tree = requirement.outcome === undefined ? [] : treeLines(requirement.outcome, "", colours);
  return [
    ...tree,
    ...bindingLines(requirement, colours),
    ...stepUpLines(requirement, colours),
    ...sufficientLines(requirement),
  ];
}

function bindingLines({ senderConstrained }: ExplainedRequirement, colours: Colours): readonly string[] {
  if (senderConstrained === undefined) return [];
  return [`${markOf(senderConstrained.met, colours)} a token that is bound to its sender`];
}

function stepUpLines({ authentication }: ExplainedRequirement, colours: Colours): readonly string[] {
  const { acr, isAcrMet, maxAgeSeconds, isAgeMet } = authentication ?? {};
  const line = (stepUp: StepUp, isMet = false): string => `${markOf(isMet, colours)} ${stepUpText(stepUp)}`;
  return [
    ...(acr === undefined ? [] : [line({ acr }, isAcrMet)]),
    ...(maxAgeSeconds === undefined ? [] : [line({ maxAgeSeconds }, isAgeMet)]),
  ];
}

function markOf(isMet: boolean, colours: Colours): string {
  return isMet ? colours.good("met    ") : colours.bad("missing");
}

/** Recurses once for each nested group, of which `MAX_NESTED_GROUPS` bounds the number. */
function treeLines(outcome: RequirementOutcome, indent: string, colours: Colours): readonly string[] {
  const mark = markOf(outcome.met, colours);
  if (outcome.kind === "scope") {
    const via = outcome.impliedBy === undefined ? "" : `, implied by ${outcome.impliedBy}`;
    return [`${mark} ${indent}${outcome.name}${via}`];
  }
  if (outcome.kind === "claim" || outcome.kind === "parameter") return [`${mark} ${indent}${conditionText(outcome)}`];
  // A group with one member adds nothing to its member.
  const [only, ...others] = outcome.of;
  if (only && others.length === 0) return treeLines(only, indent, colours);
  const heading = `${mark} ${indent}${outcome.kind === "anyOf" ? "any of" : "all of"}`;
  const shown = tellingParts(outcome);
  const left = outcome.of.length - shown.length;
  const more = left > 0 ? [`        ${indent}  and ${left} more`] : [];
  return [heading, ...shown.flatMap((part) => treeLines(part, `${indent}  `, colours)), ...more];
}

/** The parts of a large group that are shown: first those that explain why the group is met or missing. */
function tellingParts({ met, of }: RequirementOutcome & { readonly kind: "anyOf" | "allOf" }) {
  if (of.length <= MOST_NAMES) return of;
  return [...of.filter((part) => part.met === met), ...of.filter((part) => part.met !== met)].slice(0, MOST_NAMES);
}

/** The first names of a list and the number of the others. */
function some(names: readonly string[], separator: string): string {
  const left = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(separator) + (left > 0 ? ` and ${left} more` : "");
}

/** A text that may hold a list of scopes, cut at a length that no usual one has. */
function shortened(text: string): string {
  const left = text.length - MOST_CHARACTERS;
  return left > 0 ? `${text.slice(0, MOST_CHARACTERS)}... (and ${left} more characters)` : text;
}

function sufficientLines({
  sufficient,
  isSufficientComplete,
  unrestrictedIssuers = [],
  senderConstrained,
}: ExplainedRequirement): readonly string[] {
  if (sufficient.length === 0) return [];
  const lines = sufficient.slice(0, MOST_SETS).map((set) => {
    const { scopes, conditions = [], missing, clients } = set;
    const lacking = missing.length === 0 || missing.length === scopes.length ? "" : `; missing ${some(missing, " ")}`;
    const needed = [...(scopes.length > 0 ? [some(scopes, " ")] : []), ...conditions.map(conditionWithOutcome)];
    const available = holders(clients, unrestrictedIssuers, scopes.length > 0);
    return `  ${needed.join(", and ")}${from(set)}${lacking} (${available})`;
  });
  const left = sufficient.length - lines.length;
  const more = isSufficientComplete ? (left > 0 ? [`  and ${left} more`] : []) : ["  and many more"];
  const where = senderConstrained ? ", in a token that is bound to its sender" : "";
  return [`One of these would be enough${where}:`, ...lines, ...more];
}

/** The issuers that count, if not all of them do. */
function from({ issuers }: { readonly issuers?: readonly string[] }): string {
  return issuers === undefined ? "" : ` from ${issuers.join(" or ")}`;
}

function conditionWithOutcome(condition: ConditionOutcome): string {
  return `${conditionText(condition)}, which is ${condition.met ? "met" : "not met"}`;
}

/**
 * Who may have a set of scopes, or needs none. Where registrations are not enforced, an unregistered set is not out of
 * reach.
 */
function holders(clients: readonly string[], unrestrictedIssuers: readonly string[], needsScopes: boolean): string {
  if (clients.length > 0) return `available to ${some(clients, ", ")}`;
  if (unrestrictedIssuers.length === 0) return "available to no client";
  if (!needsScopes) return `available to any client of ${unrestrictedIssuers.join(", ")}`;
  return `registered for no client, but ${unrestrictedIssuers.join(", ")} may grant any client any scope`;
}

/** Longer lists would hide the rest of the explanation. `--json` has all of them. */
const MOST_SETS = 10;
const MOST_NAMES = 20;
const MOST_CHARACTERS = 10_000;

function ending({ outcome, refusal, forwarded, caller }: Explanation, { good, bad, doubtful }: Colours): string {
  if (outcome === "answered") return good("Answered by the gateway itself.");
  if (refusal) return `${bad(`Refused: ${refusal.status} ${refusal.reason}.`)} ${refusal.answer}`;
  const forwards = `Forwarded to ${forwarded?.upstream ?? "an upstream"}`;
  const proviso = provisoOf(caller);
  return proviso === "" ? good(`${forwards}.`) : doubtful(`${forwards}, if ${proviso}.`);
}
