import type { Stage } from "../../answer/stages.ts";
import type { Explanation } from "../../explain/explanation.ts";
import type { GrantSource } from "../../explain/grant-sources.ts";
import { uncheckedConditions } from "../../explain/token-binding.ts";
import type { Fault } from "../../policy/fault.ts";
import { type Detail, firstNames, type Limits, shortened } from "./details.ts";
import { messageLines, senderLines, unservedLines } from "./message-lines.ts";
import { fromIssuers, requirementDetails, sufficientDetails, tokenDetails } from "./requirement-details.ts";

/**
 * What a stage found, for people. Empty for a stage that was not reached.
 *
 * @param placeOf the file, line and column of a place in the policy
 */
export function stageDetails(
  stage: Stage,
  explanation: Explanation,
  placeOf: (path: Fault["path"]) => string,
  limits: Limits,
): readonly Detail[] {
  const isReached = explanation.stages.some((it) => it.stage === stage && it.outcome !== "not reached");
  if (!isReached) return [];
  const { request, refusal, outcome, forwarded, caller, requirement, refusedAt } = explanation;
  switch (stage) {
    case "canonicalize":
      return texts([refusedAt === stage ? (refusal?.detail ?? "") : (request.canonicalPath ?? "")]);
    case "match":
      return outcome === "answered"
        ? texts(["The path belongs to the gateway itself."])
        : texts([...matchTexts(explanation, placeOf), ...messageLines(explanation, placeOf, limits)]);
    case "authenticate":
      return outcome === "answered" ? [] : authenticationDetails(explanation, limits);
    case "authorize":
      return [
        ...(requirement ? authorizationDetails(explanation, limits) : texts(unservedLines(explanation))),
        ...texts(senderLines(explanation, limits)),
        ...texts(limitTexts(explanation)),
      ];
    case "prepare":
      return texts([
        ...Object.entries(forwarded?.headers ?? {}).map(([name, value]) => `${name}: ${shortened(value)}`),
        ...Object.entries(forwarded?.assertion ?? {}).map(
          ([name, value]) => `txn-token, ${name}: ${shortened(JSON.stringify(value))}`,
        ),
      ]);
    case "forward":
      return forwarded === undefined ? [] : texts([...forwardTexts(forwarded), ...uncheckedTexts(caller)]);
  }
}

function texts(lines: readonly string[]): readonly Detail[] {
  return lines.map((text) => ({ text }));
}

function authorizationDetails({ requirement, caller }: Explanation, limits: Limits): readonly Detail[] {
  if (requirement?.kind === "scopes") return requirementDetails(requirement, limits);
  return requirement?.kind === "authenticated" || (requirement?.kind === "optional" && caller.kind !== "nobody")
    ? [{ text: `Any valid token${fromIssuers(requirement)} will do.` }, ...tokenDetails(requirement)]
    : [];
}

function limitTexts({ rateLimits = [], report }: Explanation): readonly string[] {
  const from = report === undefined ? "" : `, from ${report.enforcedFrom} on (UTC)`;
  return rateLimits.map(
    ({ name, limit, periodSeconds, by }) =>
      `Limited by ${name} to ${limit} in ${periodSeconds} seconds, by ${by}${from}. Nothing is counted here.`,
  );
}

function forwardTexts({ upstream, to, rewrittenBy }: NonNullable<Explanation["forwarded"]>): readonly string[] {
  return [`to ${upstream}: ${to}`, ...(rewrittenBy === undefined ? [] : [`by ${rewrittenBy}`])];
}

function uncheckedTexts(caller: Explanation["caller"]): readonly string[] {
  const unchecked = uncheckedConditions(caller);
  return unchecked === "" ? [] : [`if ${unchecked}`];
}

function matchTexts(
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
  limits: Limits,
): readonly Detail[] {
  if (requirement?.kind === "public") return texts(["Anyone may call this. The gateway does not read credentials."]);
  if (requirement?.kind === "optional" && caller.kind === "nobody") {
    return texts(["Anyone may call this without a token. Credentials that are sent must be valid."]);
  }
  const { refusal = report?.refusal, refusedAt = report?.refusedAt } = explanation;
  const unchecked: readonly Detail[] =
    caller.kind === "token, signature unchecked"
      ? [{ text: "The signature was NOT verified: give the issuer's keys with --jwks.", isDoubtful: true }]
      : [];
  if (refusedAt === "authenticate") {
    const text = refusal?.detail === undefined ? (refusal?.answer ?? "") : `${refusal.answer} (${refusal.detail})`;
    // No scope makes an invalid token valid, so the scopes are listed only if no token was sent.
    const isAboutScopes = requirement?.kind === "scopes" && refusal?.reason === "credentials-missing";
    return [{ text }, ...unchecked, ...(isAboutScopes ? sufficientDetails(requirement, limits) : [])];
  }
  const granted = {
    text: `granted: ${firstNames(caller.granted ?? [], " ", limits.names) || "no scope that counts"}`,
    of: sourceDetails(caller.grantedBy ?? [], limits.names),
  };
  if (caller.kind === "assumed") return [{ text: "A valid token is assumed." }, granted];
  return caller.kind === "token" ? [{ text: "The signature was verified." }, granted] : [...unchecked, granted];
}

/** Which claim gave which scopes. Nobody asks it where one claim names all of them. */
function sourceDetails(sources: readonly GrantSource[], most: number): readonly Detail[] {
  const names = new Set(sources.map(({ claim }) => claim));
  const isMapped = sources.some(({ scope, value }) => value !== scope && !scope.endsWith(`/${value}`));
  if (names.size < 2 && !isMapped) return [];
  const bySource = Map.groupBy(
    sources,
    ({ claim, value }) => `${shortened(JSON.stringify(value))} in the claim ${claim}`,
  );
  const lines = Array.from(bySource, ([by, given]) => {
    const scopes = given.map(({ scope }) => scope);
    return `by ${by}: ${firstNames(scopes, " ", most)}`;
  });
  const left = lines.length - most;
  return texts(left > 0 ? [...lines.slice(0, most), `and by ${left} more`] : lines);
}
