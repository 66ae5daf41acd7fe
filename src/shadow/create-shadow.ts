import type { Denial } from "../answer/denial.ts";
import type { Exchange } from "../exchange.ts";
import type { BuiltPolicy, BuiltShadow, CompiledCandidate } from "../policy/compiled/compiled-policy.ts";
import { loadCompiledPolicy } from "../policy/compiled/load-compiled-policy.ts";
import { OPTIONAL_MODULES } from "../policy/compiled/optional-modules.ts";
import { formatFault } from "../policy/fault.ts";
import { tokenIss } from "../policy/issuers/tenants.ts";
import type { ServedPolicy } from "../policy/policy.ts";
import { createFailureLog } from "../telemetry/failure-log.ts";
import type { ShadowLine } from "../telemetry/lines.ts";
import type { Log } from "../telemetry/log.ts";
import { acceptedMembers } from "../telemetry/token-members.ts";
import { createJudge, type Judge } from "./create-judge.ts";
import { disagree, enforcedVerdict, type KnownVerdict, type Verdict } from "./verdict.ts";

/** What a shadow needs from outside. */
export interface ShadowParts {
  readonly policy: Pick<ServedPolicy, "registrations">;
  /** The Worker's vars. */
  readonly vars: Readonly<Record<string, unknown>>;
  /** Takes a line for each disagreement. */
  readonly log: Log;
  /** Takes the line of a candidate that fails: written even where the lines of decisions are turned off. */
  readonly logFailure: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Is told each decision of the gateway, once it is made. */
export type Shadow = (exchange: Exchange, denial: Denial | undefined) => void;

/**
 * Makes the shadow of a policy: it judges each request by the candidate, too, and logs where the two disagree. It is
 * told of a request after the decision and its line, never gets the answer, and waits for nothing. It never throws: a
 * candidate that fails, at the start or later, costs one line of the log for each isolate, and no request notices.
 *
 * `createJudge` says what is not judged.
 */
export function createShadow({ shadow, issuers }: BuiltPolicy, parts: ShadowParts): Shadow {
  const fail = createFailureLog(parts.logFailure, "shadow-failed");
  const judge = loadJudge(shadow, issuers, parts);
  return (exchange, denial) => {
    // Not at the start: what a Worker logs before its first request may be lost.
    if (typeof judge === "string") return fail(judge);
    try {
      const enforced = enforcedVerdict(exchange, denial);
      const candidate = enforced && judge(exchange, denial);
      if (candidate && disagree(enforced, candidate, exchange.path)) {
        parts.log(lineOf(exchange, enforced, candidate, shadow?.digest));
      }
    } catch (error) {
      fail(error);
    }
  };
}

/** The judge, or why there is none. It never throws. */
function loadJudge(
  shadow: BuiltShadow | undefined,
  issuers: BuiltPolicy["issuers"],
  { policy, vars, now }: ShadowParts,
): Judge | string {
  try {
    if (shadow?.candidate === undefined) return `The policy was built without ${shadow?.file}.`;
    const loaded = loadCompiledPolicy({ ...judgedParts(shadow.candidate), issuers }, vars, OPTIONAL_MODULES);
    return loaded.ok
      ? createJudge(loaded.value, policy, now)
      : `${shadow.file}: ${loaded.failure.map(formatFault).join(" ")}`;
  } catch (error) {
    return String(error);
  }
}

/** Nothing is signed for the upstreams of a candidate, so the Worker may lack the module that compiles assertions. */
function judgedParts({ assertion: _, ...judged }: CompiledCandidate): CompiledCandidate {
  return judged;
}

function lineOf(
  exchange: Exchange,
  enforced: KnownVerdict,
  candidate: Verdict,
  digest: string | undefined,
): ShadowLine {
  const token = exchange.authentication?.token;
  const { issuer, client_id } = token
    ? acceptedMembers({ ...token, issuer: tokenIss(token.issuer, token.tenant), audience: undefined }, token.tenant)
    : {};
  return {
    event: "shadow",
    request_id: exchange.identity.requestId,
    method: exchange.method,
    issuer,
    client_id,
    route: enforced.route,
    decision: enforced.decision,
    reason: enforced.reason,
    upstream: enforced.taken?.upstream.name,
    shadow_route: candidate.route,
    shadow_decision: candidate.decision,
    shadow_reason: candidate.reason,
    shadow_upstream: candidate.taken?.upstream.name,
    shadow_policy: digest,
  };
}
