import type { Reason } from "../../answer/denial.ts";
import { issuerOf } from "../../policy/issuers/tenants.ts";
import type { Issuer, Policy, Requirement, Route, RouteGroup } from "../../policy/policy.ts";
import { hasEncodedSlash, hasPathParameters } from "../../policy/routing/canonical-path.ts";
import { routeFor } from "../../policy/routing/route-table.ts";
import { effectiveScopes } from "../../policy/scopes.ts";
import { MAX_REMEMBERED_VERDICTS } from "../decisions/log-limits.ts";
import type { Cause } from "./cause.ts";
import { decideToken } from "./decide-token.ts";
import { type HeldScopes, Holdings } from "./holding.ts";
import { haveSameRules } from "./issuer-rules.ts";
import { isReason, type Observed, type ObservedLine, observedIn } from "./observed.ts";
import { PlaceFinder, type Places } from "./places.ts";
import { plainText } from "./plain-text.ts";

/** How a policy answers the request of a line. */
export type Answer =
  | { readonly kind: "allowed"; readonly route: Route }
  | {
      readonly kind: "refused";
      /** `undefined`: one of several. */
      readonly reason: Reason | undefined;
      readonly route: Route | undefined;
    }
  | { readonly kind: "untold"; readonly cause: Cause };

/** The answer to the request of a line, beside what happened to it. */
export interface Judgement {
  /** `undefined`: the line does not say what happened. */
  readonly observed: Observed | undefined;
  readonly answer: Answer;
  /** Whether the line was read with the policy before. */
  readonly isBefore: boolean;
}

/**
 * Tells from lines of the log how a policy answers their requests. What a line does not tell is `untold`, never
 * guessed.
 *
 * It does not look at rate limits, revocations and proofs, nor at `report`: a request that would be refused is refused.
 */
export class Judge {
  readonly #after: Policy;
  readonly #before: Policy | undefined;
  readonly #places: PlaceFinder;
  readonly #holdings: Holdings;
  /** Whether this policy refuses every token that the policy before refused, as far as only the policies decide it. */
  readonly #refusesAlike: boolean;
  /** Whether this policy serves all hosts that the policy before served. */
  readonly #servesHosts: boolean;
  readonly #known = new Map<string, Judgement>();

  /**
   * @param before the policy that wrote the lines. Lines that it cannot have written are judged as if it were not given
   * @throws UndecidedError
   */
  constructor(after: Policy, before: Policy | undefined) {
    this.#after = after;
    this.#before = before;
    this.#places = new PlaceFinder(after, before);
    this.#holdings = new Holdings(before, after);
    this.#refusesAlike = before !== undefined && refuseAlike(before, after);
    this.#servesHosts = after.hosts === undefined || before?.hosts?.isSubsetOf(after.hosts) === true;
  }

  judge(line: ObservedLine): Judgement {
    const observed = observedIn(line);
    if (!observed.ok) return { observed: undefined, answer: untold(observed.failure), isBefore: true };
    const { method, issuer, client_id: client, granted, reason, route, upstream, required } = line;
    const { mcp_method: message, mcp_name: name } = line;
    const old = this.#routesBefore(line);
    // A line without a route has nothing that the policy before could explain.
    const isBefore = old !== undefined || (this.#before !== undefined && route === undefined);
    const places = this.#places.find(line, isBefore);
    if (typeof places !== "object") {
      const cause = places ?? (route === undefined ? "path" : "pattern");
      return { observed: observed.value, answer: untold(cause), isBefore };
    }
    const who = [issuer, client, granted === undefined ? "no token" : granted.join(" ")];
    const what = [method, observed.value.wasAllowed, reason, route, upstream, required?.join(" "), message, name];
    const key = [places.key, ...what, ...who].join("\n");
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= MAX_REMEMBERED_VERDICTS) this.#known.clear();
    const answers = places.groups.map((group) => this.#answerAt(group, line, observed.value, places.path, old));
    const judgement = { observed: observed.value, answer: together(answers, places), isBefore };
    this.#known.set(key, judgement);
    return judgement;
  }

  /**
   * The routes of the policy before that can have written a line: with its pattern, its scopes and its upstream. Empty:
   * no route served the method.
   *
   * @returns `undefined`: another policy wrote the line
   */
  #routesBefore(line: ObservedLine): readonly Route[] | undefined {
    const { route: pattern, method, reason, required = [], upstream, issuer } = line;
    if (this.#before === undefined || pattern === undefined) return undefined;
    if (issuer !== undefined && issuerOf(this.#before, issuer) === undefined) return undefined;
    const served = [...this.#places.groupsBefore(pattern)].map((group) => routeFor(group, method));
    if (reason === "method-not-allowed") return served.includes(undefined) ? [] : undefined;
    const fitting = served.filter(
      (route) =>
        route?.path === pattern &&
        (upstream === undefined || route.upstream.name === upstream) &&
        // What a message requires is not what its route requires.
        (route.mcp !== undefined || required.join(" ") === mentionedBy(route.requirement).join(" ")),
    );
    const routes = fitting.filter((route) => route !== undefined);
    return routes.length === 0 ? undefined : routes;
  }

  #answerAt(
    group: RouteGroup | undefined,
    line: ObservedLine,
    observed: Observed,
    path: string | undefined,
    old: readonly Route[] | undefined,
  ): Answer {
    const route = group && routeFor(group, line.method);
    // The gateway refuses such a path before it looks whether there is a route.
    const form = formOf(path, route, old ?? []);
    if (form === "refused") return { kind: "refused", reason: "path-ambiguous", route };
    const answer: Answer =
      route === undefined
        ? { kind: "refused", reason: group === undefined ? "route-unknown" : "method-not-allowed", route }
        : this.#answerOf(route, line, observed, old);
    if (answer.kind === "refused") return form === "untold" ? { ...answer, reason: undefined } : answer;
    if (answer.kind === "untold") return answer;
    if (old !== undefined && !this.#servesHosts) return untold("host");
    if (line.method === "OPTIONS" && this.#after.cors !== undefined && !(old && this.#before?.cors)) {
      return untold("preflight");
    }
    return form === "untold" ? untold("pattern") : answer;
  }

  /** The answer of a route, from its stages 3 and 4. */
  #answerOf(
    route: Route,
    line: ObservedLine,
    { credentials, wasAllowed }: Observed,
    old: readonly Route[] | undefined,
  ): Answer {
    const { requirement } = route;
    const allowed: Answer = { kind: "allowed", route };
    const refused = (reason: Reason | undefined): Answer => ({ kind: "refused", reason, route });
    if (requirement.kind === "public") return allowed;
    const hadNone = wasAllowed && old?.every((it) => it.requirement.kind === "optional") === true;
    const read = credentials === "unread" && hadNone ? "none" : credentials;
    switch (read) {
      case "unread":
        return untold("credentials");
      case "none":
        return requirement.kind === "optional" ? allowed : refused("credentials-missing");
      case "malformed":
        return refused("credentials-malformed");
      case "refused":
        return this.#isRefusedAlike(line, old !== undefined) ? refused(reasonIn(line)) : untold("token");
      case "accepted": {
        const holding = this.#holdings.of(line, old !== undefined);
        if (holding.kind === "refused") return refused(holding.reason);
        if (holding.kind === "untold") return untold("issuer");
        const decided = decideToken(route, line, holding);
        if (typeof decided === "object") return decided.isAllowed ? allowed : refused(decided.reason);
        if (decided === "scope" || !this.#isAskedAlike(route, line, holding, old)) return untold(decided);
        // The same token met the same requirement before, or did not.
        return wasAllowed ? allowed : refused(reasonIn(line));
      }
    }
  }

  #isRefusedAlike({ reason, issuer: iss = "", client_id: client }: ObservedLine, isBefore: boolean): boolean {
    if (!isBefore || !this.#refusesAlike) return false;
    if (reason === "token-revoked") return this.#after.revocation !== undefined;
    if (reason !== "client-mismatch") return true;
    const issuer = issuerOf(this.#after, iss);
    if (issuer === undefined || client === undefined || !issuer.registeredClientsOnly) return false;
    return this.#after.registrations.get(issuer.name)?.has(client) !== true;
  }

  /** Whether the routes before had the same requirements, of which the token holds the same scopes now as then. */
  #isAskedAlike(
    route: Route,
    { issuer: iss = "", granted = [] }: ObservedLine,
    { least, most }: HeldScopes,
    old: readonly Route[] | undefined,
  ): boolean {
    const before = this.#before;
    const issuer = before && issuerOf(before, iss);
    if (issuer === undefined || old === undefined || old.length === 0) return false;
    const text = requirementText(route);
    if (!old.every((it) => requirementText(it) === text)) return false;
    const held = effectiveScopes(before?.scopes ?? this.#after.scopes, issuer.name, granted);
    const requirements = [route.requirement, ...(route.mcp?.requirements ?? [])];
    return requirements
      .flatMap(mentionedBy)
      .every((name) => held.has(name) === least.has(name) && held.has(name) === most.has(name));
  }
}

function untold(cause: Cause): Answer {
  return { kind: "untold", cause };
}

/** The one answer of all places, if they have one. */
function together(answers: readonly Answer[], { path }: Places): Answer {
  const [first, ...others] = answers;
  if (first === undefined) return untold("pattern");
  const open = answers.find(({ kind }) => kind === "untold");
  if (open !== undefined) return open;
  const differ = untold(path === undefined ? "pattern" : "host");
  if (first.kind === "allowed") {
    const isSame = others.every((it) => it.kind === "allowed" && it.route.upstream.name === first.route.upstream.name);
    return isSame ? first : differ;
  }
  if (first.kind === "untold" || !others.every(({ kind }) => kind === "refused")) return differ;
  const isSame = others.every((it) => it.kind === "refused" && it.reason === first.reason);
  return isSame ? first : { ...first, reason: undefined };
}

/** Whether a route's upstream takes the path parameters and encoded slashes of a path. */
function formOf(
  path: string | undefined,
  route: Route | undefined,
  old: readonly Route[],
): "accepted" | "refused" | "untold" {
  const now = route?.upstream;
  if (path !== undefined) {
    const isTaken =
      (!hasPathParameters(path) || now?.allowPathParameters === true) &&
      (!hasEncodedSlash(path) || now?.allowEncodedSlash === true);
    return isTaken ? "accepted" : "refused";
  }
  const isWider = old.some(
    ({ upstream }) =>
      (upstream.allowPathParameters && !now?.allowPathParameters) ||
      (upstream.allowEncodedSlash && !now?.allowEncodedSlash),
  );
  return isWider ? "untold" : "accepted";
}

function reasonIn({ reason }: ObservedLine): Reason | undefined {
  return reason !== undefined && isReason(reason) ? reason : undefined;
}

/** All that a route asks of tokens, as one text. */
function requirementText({ requirement, mcp }: Route): string {
  return plainText([requirement, mcp]);
}

function mentionedBy(requirement: Requirement): readonly string[] {
  return requirement.kind === "scopes" ? requirement.mentioned : [];
}

function refuseAlike(before: Policy, after: Policy): boolean {
  if (before.issuers.size !== after.issuers.size) return false;
  for (const [iss, old] of before.issuers) {
    const now = after.issuers.get(iss);
    if (now === undefined || !haveSameRules(old, now)) return false;
    if (old.registeredClientsOnly !== now.registeredClientsOnly) return false;
    if (JSON.stringify(acceptedIn(old)) !== JSON.stringify(acceptedIn(now))) return false;
  }
  return JSON.stringify([before.dpop, before.mtls]) === JSON.stringify([after.dpop, after.mtls]);
}

function acceptedIn({ tenants }: Issuer): unknown {
  return tenants && (tenants.accepted === "any" ? "any" : [...tenants.accepted].sort());
}
