import type { Reason } from "../../answer/denial.ts";
import { REASONS } from "../../answer/reasons.ts";
import { type MatchingPattern, matchingPatterns, whyMoreSpecific } from "../../policy/analysis/matching-patterns.ts";
import { type RequirementOutcome, requirementOutcome } from "../../policy/analysis/requirement-outcome.ts";
import { routeTree } from "../../policy/analysis/route-tree.ts";
import { smallestScopeSets } from "../../policy/analysis/smallest-scope-sets.ts";
import type { Policy, Route, RouteGroup } from "../../policy/policy.ts";
import { canonicalPath } from "../../policy/routing/canonical-path.ts";
import { routeFor } from "../../policy/routing/route-table.ts";
import { withImplied } from "../../policy/scopes.ts";
import type { Admission } from "../../token/admit.ts";
import type { Caller } from "./caller.ts";
import { type AskedRequest, type DryRun, dryRun } from "./dry-run.ts";
import { explainHints } from "./explain-hints.ts";

/** What becomes of one request, and why. Plain data: what `--json` prints. */
export interface Explanation {
  readonly request: AskedRequest & { readonly canonicalPath: string | undefined };
  readonly caller: Pick<Caller, "kind" | "description" | "remarks"> & {
    readonly granted: readonly string[] | undefined;
  };
  /** `answered`: by an endpoint of the gateway's own, whatever the policy says. */
  readonly outcome: "forwarded" | "refused" | "answered";
  /** All six, in order; of those after the one that refuses nothing is known. */
  readonly stages: readonly StageOutcome[];
  readonly refusedAt: Stage | undefined;
  readonly refusal: Refusal | undefined;
  /** The route whose path and method fit, if any. */
  readonly route: Pick<Route, "path" | "methods" | "index"> | undefined;
  /** All patterns that match the path, the most specific first: only that one counts. */
  readonly patterns: readonly ExplainedPattern[];
  readonly requirement: ExplainedRequirement | undefined;
  /** What would reach the upstream. */
  readonly forwarded: Forwarded | undefined;
  readonly hints: readonly string[];
}

/** The six stages of a request, in order. */
const STAGES = ["canonicalize", "match", "authenticate", "authorize", "prepare", "forward"] as const;
export type Stage = (typeof STAGES)[number];

export interface StageOutcome {
  readonly stage: Stage;
  readonly outcome: "passed" | "refused" | "not needed" | "not reached";
}

export interface Refusal {
  readonly status: number;
  readonly reason: Reason;
  /** What the caller is told. */
  readonly answer: string;
  /** What only the log would say. */
  readonly detail: string | undefined;
  /** The answer's headers that matter: `allow`, `www-authenticate`, `retry-after`. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ExplainedPattern {
  readonly pattern: string;
  /** Value of `Allow`. */
  readonly methods: string;
  /** Why it does not count; `undefined`: it is the one that does. */
  readonly passedOver: string | undefined;
}

export interface ExplainedRequirement {
  readonly kind: "public" | "authenticated" | "scopes";
  /** Of `scopes`: every part, and whether the caller meets it. */
  readonly outcome: RequirementOutcome | undefined;
  /** Of `scopes` on a refusal: the smallest sets that would have sufficed. */
  readonly sufficient: readonly SufficientSet[];
  /** Whether there are more of them. */
  readonly isSufficientComplete: boolean;
}

export interface SufficientSet {
  readonly scopes: readonly string[];
  /** Those that the caller lacks. */
  readonly missing: readonly string[];
  /** The registered clients that may hold them all. */
  readonly clients: readonly string[];
}

export interface Forwarded {
  readonly upstream: string;
  /** The address, or the path behind a service binding. */
  readonly to: string;
  /** What the gateway writes; of the caller's own headers all but these, claim headers and hop-by-hop ones are kept. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The gateway's origin where the policy does not name it. */
export const ASSUMED_ORIGIN = "https://gateway.invalid";

/** Asks what becomes of a request: sends it through the gateway with nothing behind it, and looks up why. */
export async function explainRequest(policy: Policy, asked: AskedRequest, caller: Caller): Promise<Explanation> {
  let token: Admission | undefined;
  const run = await dryRun(policy, asked, async () => {
    const authentication = await caller.authenticate();
    if ("token" in authentication) token = authentication.token;
    return authentication;
  });
  const canonical = canonicalPath(new URL(asked.url).pathname);
  const path = canonical.ok ? canonical.value : undefined;
  const isOwn = run.ownPath !== undefined;
  const leaf = path === undefined || isOwn ? undefined : policy.table.match(path);
  const route = leaf && routeFor(leaf, asked.method);
  const refusal = refusalOf(run);
  const outcome = refusal ? "refused" : isOwn ? "answered" : "forwarded";
  const refusedAt = refusal && stageOf(refusal.reason, path !== undefined);
  return {
    request: { ...asked, canonicalPath: path },
    caller: {
      kind: caller.kind,
      description: caller.description,
      remarks: caller.remarks,
      granted: token?.granted.names,
    },
    outcome,
    stages: STAGES.map((stage) => ({ stage, outcome: outcomeOf(stage, outcome, refusedAt, route) })),
    refusedAt,
    refusal,
    route: route && { path: route.path, methods: route.methods, index: route.index },
    patterns: path === undefined || isOwn ? [] : explainPatterns(matchingPatterns(routeTree(policy), path)),
    requirement: route && explainRequirement(route, policy, token, refusal !== undefined),
    forwarded: route && run.forwarded && explainForwarded(policy, route, run.forwarded, caller),
    hints: explainHints({ policy, asked, path, caller, refusal, token }),
  };
}

function refusalOf({ decision, headers }: DryRun): Refusal | undefined {
  const { reason, status, detail } = decision;
  if (reason === undefined) return undefined;
  const shown = ["allow", "www-authenticate", "retry-after"].flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return { status, reason, answer: REASONS[reason].detail, detail, headers: Object.fromEntries(shown) };
}

/** A path that is canonical can still be refused at the match, for its path parameters. */
function stageOf(reason: Reason, isCanonical: boolean): Stage {
  switch (reason) {
    case "path-ambiguous":
    case "path-too-long":
      return isCanonical ? "match" : "canonicalize";
    case "route-unknown":
    case "method-not-allowed":
      return "match";
    case "scope-insufficient":
      return "authorize";
    case "policy-invalid":
    case "upstream-unreachable":
    case "upstream-timeout":
      return "forward";
    default:
      return "authenticate";
  }
}

function outcomeOf(
  stage: Stage,
  outcome: Explanation["outcome"],
  refusedAt: Stage | undefined,
  route: Route | undefined,
): StageOutcome["outcome"] {
  if (stage === refusedAt) return "refused";
  if (refusedAt !== undefined && STAGES.indexOf(stage) > STAGES.indexOf(refusedAt)) return "not reached";
  if (outcome === "answered" && stage !== "canonicalize") return "not needed";
  const isAboutTokens = stage === "authenticate" || stage === "authorize";
  return isAboutTokens && route?.requirement.kind === "public" ? "not needed" : "passed";
}

function explainPatterns(patterns: readonly MatchingPattern[]): readonly ExplainedPattern[] {
  const [winner] = patterns;
  return patterns.map((pattern) => ({
    pattern: patternOf(pattern.leaf),
    methods: pattern.leaf.allow,
    passedOver: winner === undefined || pattern === winner ? undefined : whyMoreSpecific(winner, pattern),
  }));
}

/** As one of its routes writes it; the others may name its parameters differently. */
function patternOf({ byMethod, anyMethod, shape }: RouteGroup): string {
  const [route = anyMethod] = byMethod.values();
  return route?.path ?? shape;
}

function explainRequirement(
  { requirement }: Route,
  policy: Policy,
  token: Admission | undefined,
  isRefused: boolean,
): ExplainedRequirement {
  const { kind } = requirement;
  if (kind !== "scopes") return { kind, outcome: undefined, sufficient: [], isSufficientComplete: true };
  const granted = token?.granted.names ?? [];
  const sets = isRefused ? smallestScopeSets(requirement.expression, policy.scopes) : { sets: [], complete: true };
  return {
    kind,
    outcome: requirementOutcome(requirement.expression, granted, policy.scopes),
    sufficient: sets.sets.map((set) => sufficientSet(set, policy, granted)),
    isSufficientComplete: sets.complete,
  };
}

function sufficientSet(set: ReadonlySet<string>, policy: Policy, granted: readonly string[]): SufficientSet {
  const held = withImplied(policy.scopes, granted);
  const clients = Array.from(policy.clients.values()).filter(({ scopes }) => {
    const grantable = withImplied(policy.scopes, scopes);
    return Array.from(set).every((name) => grantable.has(name));
  });
  return {
    scopes: [...set],
    missing: Array.from(set).filter((name) => !held.has(name)),
    clients: clients.map(({ id }) => id),
  };
}

function explainForwarded(policy: Policy, { upstream }: Route, request: Request, { kind }: Caller): Forwarded {
  const headers = Object.fromEntries(request.headers);
  // Cloudflare's own, passed on like any other of the caller's.
  delete headers["cf-connecting-ip"];
  headers["x-request-id"] = "(that of the caller, or a new one)";
  headers["traceparent"] = "(that of the caller, or a new one)";
  if (request.headers.get("x-forwarded-host") === new URL(ASSUMED_ORIGIN).host) {
    headers["x-forwarded-host"] = "(the gateway's host)";
  }
  if (kind === "assumed") {
    for (const { header, source } of policy.claimHeaders) {
      if (source.kind === "claim") headers[header] ??= `(${source.path.join("/")} of the token)`;
      else if (source.kind === "client") headers[header] ??= "(the client of the token)";
    }
  }
  const { pathname, search } = new URL(request.url);
  const to = upstream.kind === "url" ? request.url : `service binding ${upstream.binding}, ${pathname}${search}`;
  return { upstream: upstream.name, to, headers };
}
