import { Denial, type Reason } from "../answer/denial.ts";
import { entryOf } from "../answer/reasons.ts";
import type { Exchange } from "../exchange.ts";
import type { Route } from "../policy/policy.ts";
import { rewritePath } from "../policy/routing/rewrite-path.ts";

/** How a policy decides on a request, as far as two policies are compared. */
export interface Verdict {
  /** `unknown`: nothing at hand can tell. The other values are those of decision lines. */
  readonly decision: "allow" | "deny" | "error" | "unknown" | "would-deny";
  /** Why it is refused, or would be if its route did not only report. */
  readonly reason?: Reason | undefined;
  /** The pattern that matched. */
  readonly route?: string | undefined;
  /** The route that the request takes; left out: it reaches no upstream. */
  readonly taken?: Route | undefined;
}

/** A verdict on a request that has been decided. */
export interface KnownVerdict extends Verdict {
  readonly decision: Exclude<Verdict["decision"], "unknown">;
}

/** A refusal. A 5xx says nothing about the caller, so it is an `error`, as in decision lines. */
export function refusal(why: Denial | Reason, route?: string): KnownVerdict {
  const denial = why instanceof Denial ? why : new Denial(why);
  return { decision: entryOf(denial).status >= 500 ? "error" : "deny", reason: denial.reason, route };
}

/**
 * What the enforced policy has decided. An upstream that fails counts as permitted, because the policy let the request
 * through.
 *
 * @returns `undefined`: there is nothing to compare, because something else than the request decided
 */
export function enforcedVerdict(
  { pattern, route, wouldDeny }: Exchange,
  denial: Denial | undefined,
): KnownVerdict | undefined {
  const stage = denial && entryOf(denial).stage;
  if (denial === undefined || stage === "forward") return permission(route, pattern, wouldDeny);
  return stage === undefined || NOT_COMPARED.has(denial.reason) ? undefined : refusal(denial, pattern);
}

/** They depend on other requests, or on what counts them. */
const NOT_COMPARED: ReadonlySet<Reason> = new Set(["rate-limited", "rate-limit-unavailable"]);

/** The verdict on a request that may go on, because its route permits it or only reports the refusal. */
export function permission(
  taken: Route | undefined,
  route: string | undefined,
  wouldDeny: Denial | undefined,
): KnownVerdict {
  if (wouldDeny === undefined) return { decision: "allow", route, taken };
  return { decision: "would-deny", reason: wouldDeny.reason, route, taken };
}

/**
 * Whether two policies decide differently on a request: it goes on under one of them only, they refuse it for different
 * reasons, or they send it to different places. The pattern of the route does not count, nor does an upstream's name.
 * Under a route that only reports, a request goes on. Where one of them is `unknown`, nothing shows that they agree.
 *
 * @param path canonical; `undefined`: the request has none
 */
export function disagree(one: Verdict, other: Verdict, path: string | undefined): boolean {
  if (one.decision === "unknown" || other.decision === "unknown") return true;
  if (goesOn(one) !== goesOn(other)) return true;
  if (!goesOn(one)) return one.reason !== other.reason;
  return path !== undefined && !leadToOnePlace(one.taken, other.taken, path);
}

function goesOn({ decision }: Verdict): boolean {
  return decision === "allow" || decision === "would-deny";
}

function leadToOnePlace(one: Route | undefined, other: Route | undefined, path: string): boolean {
  if (one === undefined || other === undefined) return one === other;
  return isSameService(one, other) && sentPath(one, path) === sentPath(other, path);
}

function isSameService({ upstream: one }: Route, { upstream: other }: Route): boolean {
  if (one.kind === "service" || other.kind === "service") {
    return one.kind === "service" && other.kind === "service" && one.binding === other.binding;
  }
  return one.origin === other.origin && one.via === other.via && one.pathPrefix === other.pathPrefix;
}

/** The path that the upstream gets, without the upstream's own prefix. */
export function sentPath({ rewriting }: Route, path: string): string {
  return rewriting === undefined ? path : rewritePath(rewriting, path);
}
