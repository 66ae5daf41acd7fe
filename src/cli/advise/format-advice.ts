import type { FewestScopes } from "../../policy/analysis/advice/fewest-scopes.ts";
import { clientTitle } from "../../policy/analysis/clients/client-title.ts";
import { shortestName } from "../../policy/analysis/format-requirement.ts";
import type { Policy, Route } from "../../policy/policy.ts";
import { stepUpOf } from "../../policy/requirements/step-up.ts";
import { counted, formatColumns } from "../output.ts";
import type { Colours } from "../print/colours.ts";
import type { LogAdvice, SeenClient } from "./advise-on-log.ts";

/** Most sets, routes or scopes that one line names. `--json` has them all. */
const MAX_NAMED = 8;

/** Formats advice for a terminal: what was read, each client, and what nobody called. */
export function formatAdvice(advice: LogAdvice, policy: Policy, log: string, colours: Colours): readonly string[] {
  const { clients, unseen, uncalled } = advice;
  const parts = [
    ...clients.map((client) => formatClient(client, policy, colours)),
    unseen.length === 0
      ? []
      : [`Not in the log: ${named(unseen.map(({ name }) => titled(name, policy)))}. Nothing is known about them.`],
    uncalled.length === 0 ? [] : [`Called by nobody: ${named(uncalled.map(routeText))}.`],
    remarksOn(advice, policy),
  ];
  return [...formatLog(advice, log), ...parts.filter((lines) => lines.length > 0).flatMap((lines) => ["", ...lines])];
}

/** What was read, over which time, and which share of it was written. */
function formatLog({ summary, shares, counts }: LogAdvice, log: string): readonly string[] {
  const { lines, requests, fromMs, toMs } = summary;
  const span = lines === 0 ? "" : `, from ${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`;
  const { lines: _, bytes: __, totalBytes: ___, otherText, withoutLine, otherEvent, ...unread } = counts;
  const lost = Object.values(unread).reduce((sum, count) => sum + count, 0);
  return [
    `${log}: ${counted(lines, "decision")}${span}`,
    ...(shares.size === 0
      ? []
      : [
          `  Only a share was written (${Array.from(shares, ([decision, share]) => `${decision}: ${share}`).join(", ")}). The lines stand for some ${counted(Math.round(requests), "request")}.`,
          "  Rare calls may be missing. The first line of each client and route that an isolate sees is always there.",
        ]),
    ...(lost === 0
      ? []
      : [`  ${counted(lost, "line")} cut off, malformed, too long or too new: the advice lacks what they say.`]),
    ...(otherText + withoutLine + otherEvent === 0 ? [] : ["  Lines that are not decisions were passed over."]),
  ];
}

function formatClient({ seen, advice, uncalled }: SeenClient, policy: Policy, colours: Colours): readonly string[] {
  const { client, permitted, kept, smallest, unneeded, unregistered, preventing, otherRefusals } = advice;
  const refused = [...seen.refusals.values()].reduce((sum, count) => sum + count, 0);
  const id =
    seen.id === undefined ? "Tokens without a client id" : `Client ${client ? titled(client.name, policy) : seen.id}`;
  const registered = client === undefined ? ", not registered" : "";
  const rows: (readonly [string, string])[] = [];
  if (permitted.seen > advice.outdated.seen) {
    rows.push(["needs", setsText(kept, policy)]);
    if (!isSame(kept, smallest)) rows.push(["would do with", setsText(smallest, policy)]);
    if (unneeded.length > 0) rows.push(["never needed", scopesText(unneeded, policy)]);
    if (unregistered.length > 0) rows.push(["not registered", scopesText(unregistered, policy)]);
  }
  for (const { scope, isRegistered, prevented, routes } of preventing.slice(0, MAX_NAMED)) {
    const why = `The client is ${isRegistered ? "registered for it, but its tokens lacked it." : "not registered for it."}`;
    const calls = `${counted(prevented.seen, "refusal")} of ${named(routes.map(routeText))}`;
    rows.push(["refused", `${scopesText([scope], policy)} alone would have prevented ${calls}. ${why}`]);
  }
  const left = preventing.length - MAX_NAMED;
  if (left > 0) rows.push(["refused", `${counted(left, "more scope")} would have prevented refusals`]);
  if (otherRefusals.seen > 0)
    rows.push(["refused", `${counted(otherRefusals.seen, "time")} for more than one scope, or for conditions`]);
  if (advice.outdated.seen > 0)
    rows.push(["outdated", `${counted(advice.outdated.seen, "permitted call")}: this policy would refuse them`]);
  if (advice.untold.seen > 0)
    rows.push(["untold", `${counted(advice.untold.seen, "permitted call")}: the log does not say what they needed`]);
  if (seen.unknownRoutes > 0)
    rows.push(["unknown routes", `${counted(seen.unknownRoutes, "permitted call")}: this policy has no such route`]);
  if (seen.withoutGranted > 0)
    rows.push(["untold", `${counted(seen.withoutGranted, "permitted call")}: the log lacks \`granted\``]);
  if (uncalled.length > 0) rows.push(["never called", named(uncalled.map(routeText))]);
  return [
    `${colours.strong(id)} (issuer ${seen.issuer}${registered}): ${permitted.seen} permitted, ${refused} refused`,
    ...formatColumns(rows).map((row) => `  ${row}`),
  ];
}

/** What no log tells, as far as it matters here. */
function remarksOn({ summary, clients }: LogAdvice, { routes }: Policy): readonly string[] {
  const { withoutToken, unknownIssuers, otherRequirements, uncounted } = summary;
  const isInexact = clients.some(({ advice }) => !advice.kept.isExact || !advice.smallest.isExact);
  return [
    ...(withoutToken > 0
      ? [`${counted(withoutToken, "line")} without an accepted token: the log does not say which client sent them.`]
      : []),
    ...(unknownIssuers > 0
      ? [
          `${counted(unknownIssuers, "line")} with tokens of issuers that this policy does not have. If the policy has variables, name the environment with --env.`,
        ]
      : []),
    ...(otherRequirements > 0
      ? [
          `${counted(otherRequirements, "line")} of routes that ask for other scopes now. Without \`path\` in the lines, a request may have gone to another route now.`,
        ]
      : []),
    ...(uncounted > 0
      ? [`${counted(uncounted, "line")} not counted: there are too many different calls. Use a shorter log.`]
      : []),
    ...(isInexact ? ["Where a set is marked as enough, the search stopped early: a smaller set may exist."] : []),
    ...(routes.some(hasConditions)
      ? [
          "The log does not tell which conditions a call met: each set is enough without the conditions that the call did not need.",
        ]
      : []),
    ...(clients.some(({ advice }) => advice.preventing.some((grant) => grant.routes.some(asksForAuthentication)))
      ? [
          "The log does not tell how users authenticated: even with the scope, a route may refuse them until they authenticate again.",
        ]
      : []),
  ];
}

function hasConditions({ requirement }: Route): boolean {
  return requirement.kind === "scopes" && requirement.conditions !== undefined;
}

/** Scopes are checked before the authentication, so a line about scopes says nothing of it. */
function asksForAuthentication({ requirement, mcp }: Route): boolean {
  return [requirement, ...(mcp?.requirements ?? [])].some((it) => stepUpOf(it) !== undefined);
}

function setsText({ sets, isExact, isComplete }: FewestScopes, policy: Policy): string {
  const texts = sets.slice(0, MAX_NAMED).map((set) => scopesText(set, policy));
  const left = sets.length - texts.length;
  const more = left > 0 ? [`${left}${isComplete ? "" : " or more"} others`] : isComplete ? [] : ["others"];
  if (!isExact) return `${texts[0]} (enough; a smaller set may exist)`;
  return [...texts, ...more].join(", or ");
}

function scopesText(scopes: readonly string[], policy: Policy): string {
  return scopes.length === 0 ? "no scope" : scopes.map((name) => shortestName(name, policy)).join(" + ");
}

function isSame(one: FewestScopes, other: FewestScopes): boolean {
  return JSON.stringify(one.sets) === JSON.stringify(other.sets);
}

function titled(key: string, policy: Policy): string {
  return `${key}${clientTitle(key, policy)}`;
}

function routeText({ methods, path, hosts }: Route): string {
  return `${methods.join(",")} ${path}${hosts === undefined ? "" : ` on ${hosts.join(", ")}`}`;
}

function named(names: readonly string[]): string {
  const left = names.length - MAX_NAMED;
  const shown = names.slice(0, MAX_NAMED).join("; ");
  return left > 0 ? `${shown}; ${left} more` : shown;
}
